using System.Globalization;
using Ipam.Core.Blocks;
using Ipam.Core.Text;
using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>What several pages write in the same way.</summary>
internal static class Words
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static readonly UInt128 LargestExact = 1_000_000_000;

    /// <summary>A number in full, or about, where nobody would read all of its digits.</summary>
    public static string Number(UInt128 number)
    {
        if (number <= LargestExact)
            return number.ToString("N0", CultureInfo.InvariantCulture);
        var power = (int)Math.Log10((double)number);
        var raised = string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(static digit => Raised[digit - '0']));
        return string.Create(CultureInfo.InvariantCulture, $"{(double)number / Math.Pow(10, power):0.0}×10{raised}");
    }

    /// <summary>A time, with how long ago it was.</summary>
    public static void Time(this HtmlWriter html, DateTimeOffset time, DateTimeOffset now) =>
        html.Element("time", time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), ("datetime", TimeText.Of(time))).Text(time > now ? "" : $" ({AgeText.Of(now - time)} ago)");

    /// <summary>A name of somebody else's choice, which must not mingle with what is around it.</summary>
    public static HtmlWriter Name(this HtmlWriter html, string name) => html.Element("span", name, ("class", "name"));

    /// <summary>A bar that is full to a part; only beside the same in numbers.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="percent">From 0 to 100.</param>
    public static HtmlWriter Bar(this HtmlWriter html, double percent)
    {
        var width = Math.Clamp(percent, 0, 100).ToString("0.#", CultureInfo.InvariantCulture);
        return html.Begin("svg", ("class", percent >= 90 ? "bar high" : percent >= 75 ? "bar warm" : "bar"), ("aria-hidden", "true"), ("width", "100"), ("height", "10"))
            .Begin("rect", ("class", "all"), ("width", "100"), ("height", "10")).End()
            .Begin("rect", ("class", "part"), ("width", width), ("height", "10")).End().End();
    }

    /// <summary>Begins a table that scrolls by itself where it doesn't fit; ended by two <see cref="HtmlWriter.End"/>.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="caption">What it is.</param>
    /// <param name="titles">The titles of its columns.</param>
    public static HtmlWriter BeginTable(this HtmlWriter html, string caption, params ReadOnlySpan<string> titles)
    {
        html.Begin("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", caption)).Begin("table").Element("caption", caption);
        html.Begin("thead").Begin("tr");
        foreach (var title in titles)
            html.Element("th", title, ("scope", "col"));
        return html.End().End().Begin("tbody");
    }

    /// <summary>Ends what <see cref="BeginTable"/> began.</summary>
    public static HtmlWriter EndTable(this HtmlWriter html) => html.End().End().End();

    /// <summary>A pair of a list of descriptions.</summary>
    public static HtmlWriter Pair(this HtmlWriter html, string title, string text) => text.Length == 0 ? html : html.Element("dt", title).Element("dd", text);

    /// <summary>What is damaged and so isn't shown.</summary>
    public static void Damaged(this HtmlWriter html, IEnumerable<string> damaged) => html.Problems("Not shown", damaged);

    /// <summary>What is wrong, if anything is.</summary>
    public static void Problems(this HtmlWriter html, string title, IEnumerable<string> problems)
    {
        var all = problems.Distinct().ToList();
        if (all.Count == 0)
            return;
        html.Begin("section", ("class", "problems")).Element("h2", title).Begin("ul");
        foreach (var problem in all)
            html.Element("li", problem);
        html.End().End();
    }

    /// <summary>The interface of a lease; what is outside has none that anybody knows of.</summary>
    public static string InterfaceOf(Lease lease) => lease.Owner.IsOutside ? "" : lease.StickyInterface?.InterfaceName ?? lease.Owner.InterfaceName;

    /// <summary>As much of a container's id as tells it.</summary>
    public static string ContainerOf(Lease lease) => lease.Owner is { IsContainer: true, ContainerId.Length: > 13 } owner ? owner.ContainerId[..13] : lease.Owner.ContainerId;
}
