namespace Ipam.Web.Tests.Support;

/// <summary>What must hold for those who read a page by ear, by keyboard or with weak eyes: a small part of WCAG 2.2 AA, looked up in the page as it is drawn.</summary>
internal static class Accessibility
{
    /// <summary>A script that returns a list of what is wrong.</summary>
    public const string Script = """
        () => {
          const wrong = [];
          const say = (what, element) => wrong.push(`${what}: ${element?.outerHTML.slice(0, 160) ?? ''}`);
          const all = selector => [...document.querySelectorAll(selector)];
          const isShown = element => element.checkVisibility({ visibilityProperty: true });
          const canvas = document.createElement('canvas');
          canvas.width = canvas.height = 1;
          const pen = canvas.getContext('2d', { willReadFrequently: true });
          const known = new Map();
          const rgba = text => {
            if (!known.has(text)) {
              pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1);
              known.set(text, [...pen.getImageData(0, 0, 1, 1).data]);
            }
            return known.get(text);
          };
          const light = ([r, g, b]) => {
            const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * x + 0.7152 * y + 0.0722 * z;
          };
          const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
          const backsOf = element => {
            for (let at = element; at; at = at.parentElement) {
              const style = getComputedStyle(at);
              const parts = style.backgroundImage.match(/(rgba?|hsla?|color|oklab)\([^()]*\)/g);
              if (parts) return parts.map(rgba);
              if (rgba(style.backgroundColor)[3] > 0) return [rgba(style.backgroundColor)];
            }
            return [[255, 255, 255, 255]];
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let texts = 0;
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || ['SCRIPT', 'STYLE', 'TITLE'].includes(element.tagName) || !isShown(element)) continue;
            texts++;
            const style = getComputedStyle(element);
            const size = parseFloat(style.fontSize);
            const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
            const least = Math.min(...backsOf(element).map(back => ratio(rgba(style.color), back)));
            if (least < wanted) say(`contrast ${least.toFixed(2)}, wanted ${wanted}`, element);
          }
          if (texts < 10) say('hardly any text', document.body);
          if (!document.documentElement.lang) say('no language', null);
          if (!document.title) say('no title', null);
          for (const [selector, count] of [['main', 1], ['h1', 1], ['header', 1], ['a.skip', 1]])
            if (all(selector).length !== count) say(`${all(selector).length} of ${selector}`, null);
          for (const input of all('input, select, textarea'))
            if (!input.labels?.length && !input.getAttribute('aria-label')) say('no label', input);
          for (const button of all('button, a'))
            if (!(button.getAttribute('aria-label') ?? button.textContent).trim()) say('no name', button);
          for (const image of all('img, svg'))
            if (!image.getAttribute('alt') && image.getAttribute('aria-hidden') !== 'true') say('no words for an image', image);
          for (const table of all('table')) {
            if (!table.caption?.textContent.trim()) say('no caption', table);
            if (!table.querySelector('th[scope]')) say('no heading cells', table);
          }
          for (const region of all('[role=region]'))
            if (!region.getAttribute('aria-label') || region.tabIndex !== 0) say('a region without name or focus', region);
          let level = 0;
          for (const heading of all('h1, h2, h3, h4')) {
            const next = +heading.tagName[1];
            if (next > level + 1) say('a heading that skips a level', heading);
            level = next;
          }
          const ids = all('[id]').map(element => element.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => say(`id ${id} twice`, document.getElementById(id)));
          all('[tabindex]').filter(element => element.tabIndex > 0).forEach(element => say('an order of its own', element));
          const root = document.documentElement;
          if (root.scrollWidth > window.innerWidth) {
            const widest = all('body *').filter(element => !element.closest('.scroll')).sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
            say(`${root.scrollWidth} wide, the window is ${window.innerWidth}`, widest);
          }
          return wrong.slice(0, 20);
        }
        """;
}
