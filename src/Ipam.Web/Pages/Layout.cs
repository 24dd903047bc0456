using System.Globalization;
using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>What all pages have: the head, the way to the others, and the search.</summary>
/// <param name="basePath">The site's path.</param>
/// <param name="store">What the store is called.</param>
internal sealed class Layout(string basePath, string store)
{
    /// <summary>The parts of the site: what each is called, and where it begins.</summary>
    public static IReadOnlyList<(string Name, string Path)> Parts { get; } =
        [("Pools", ""), ("Leases", "leases"), ("History", "history"), ("Explain", "explain"), ("Nodes", "nodes"), ("Check", "check")];

    /// <summary>Writes a page.</summary>
    public void Write(HtmlWriter html, PageContent page)
    {
        html.Doctype();
        html.Begin("html", ("lang", "en"));
        WriteHead(html, page);
        html.Begin("body");
        html.Element("a", "Skip to the content", ("class", "skip"), HtmlAttribute.Href(Link.Part("main")));
        WriteHeader(html, page);
        if (page.IsLive)
            html.Begin("main", ("id", "main"), ("tabindex", "-1"), ("data-live", Link.To(basePath, "live").Text));
        else
            html.Begin("main", ("id", "main"), ("tabindex", "-1"));
        html.Element("h1", page.Title);
        page.Body(html);
        html.End();
        html.Begin("footer").Begin("p").Text("Read-only. Store: ").Element("span", store, ("class", "name")).Text(". The command line has the same and more: ").Element("code", "ipamctl").Text(".").End().End();
        html.End().End();
    }

    private void WriteHead(HtmlWriter html, PageContent page)
    {
        html.Begin("head").Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        if (page.AgainAfter is { } seconds)
            html.Void("meta", ("http-equiv", "refresh"), ("content", seconds.ToString(CultureInfo.InvariantCulture)));
        html.Element("title", $"{page.Title} - IpamSuite");
        html.Void("link", ("rel", "icon"), HtmlAttribute.Icon);
        html.Void("link", ("rel", "stylesheet"), HtmlAttribute.Href(Link.To(basePath, "assets", "ipam.css")));
        html.Element("script", "", HtmlAttribute.Flag("defer"), HtmlAttribute.Source(Link.To(basePath, "assets", "ipam.js")));
        html.End();
    }

    private void WriteHeader(HtmlWriter html, PageContent page)
    {
        html.Begin("header");
        html.Begin("nav", ("aria-label", "Parts")).Begin("ul");
        foreach (var (name, path) in Parts)
        {
            html.Begin("li");
            var link = HtmlAttribute.Href(path.Length == 0 ? Link.To(basePath) : Link.To(basePath, path));
            if (name == page.Part)
                html.Element("a", name, link, ("aria-current", "page"));
            else
                html.Element("a", name, link);
            html.End();
        }
        html.End().End();
        html.Begin("form", ("role", "search"), HtmlAttribute.Action(Link.To(basePath, "leases")));
        html.Element("label", "Search", ("for", "search"));
        html.Void("input", ("id", "search"), ("name", "q"), ("type", "search"), ("value", page.Search), ("autocomplete", "off"), ("placeholder", "address, pod, container, node, network"));
        html.Element("button", "Find");
        html.End().End();
    }
}
