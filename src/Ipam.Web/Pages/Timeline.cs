using Ipam.Core.History;
using Ipam.Core.Text;
using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>Writes stories of leases as a timeline, the latest first.</summary>
internal static class Timeline
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlWriter html, PageRequest request, FoundStories? found, DateTimeOffset now)
    {
        if (found is null)
        {
            html.Element("p", "This store keeps no history, and no ipamd of this machine does. Each node keeps its own: 'ipamctl history' shows it there.");
            return;
        }
        if (found.IsOfNode)
            html.Element("p", "Only what the ipamd of this machine did is told.");
        if (found.Stories.Count == 0)
            html.Element("p", "Nobody held one, as far as what is kept goes back.");
        html.Begin("ol", ("class", "timeline"));
        foreach (var story in found.Stories)
            WriteStory(html, request, story, now);
        html.End();
        if (found.AreMore)
            html.Element("p", $"Only the latest {found.Stories.Count} are shown; 'ipamctl history' shows all.");
        html.Damaged(found.Damaged);
    }

    private static void WriteStory(HtmlWriter html, PageRequest request, LeaseStory story, DateTimeOffset now)
    {
        var lease = story.Lease;
        html.Begin("li", ("class", story.EndedAt is null && !story.EndIsUnknown ? "now" : "over"));
        html.Begin("p", ("class", "when")).Time(story.BeganAt, now);
        html.Text(" to ");
        if (story.EndedAt is { } end)
        {
            html.Time(end, now);
            html.Text($", {AgeText.Of(end - story.BeganAt)}");
        }
        else
            html.Text(story.EndIsUnknown ? "an unknown end" : "now");
        html.End().Begin("p");
        html.Anchor(request.ToAddress(lease.Space, lease.Address.ToString()), lease.Address.ToString()).Text(" ");
        if (lease.Pod is { } pod)
            html.Text("pod ").Begin("a", HtmlAttribute.Href(request.To("history").With("q", pod.ToString()))).Name(pod.ToString()).End().Text(", ");
        html.Text(lease.Owner.IsContainer ? "container " : "").Begin("code").Name(Words.ContainerOf(lease)).End();
        html.Text(" of network ").Name(lease.Owner.Network);
        if (lease.Node.Length > 0)
            html.Text(" on node ").Begin("a", HtmlAttribute.Href(request.To("history").With("q", lease.Node))).Name(lease.Node).End();
        html.End().Begin("p", ("class", "why")).Text($"Begun: {StoryText.BeginOf(story)}");
        if (story.Began is { By.Length: > 0 } began)
            html.Text(" by ").Name(began.By);
        if (StoryText.EndOf(story) is { } why)
            html.Text($". Ended: {why}");
        if (story.Ended is { By.Length: > 0 } ended)
            html.Text(" by ").Name(ended.By);
        if (story.Ended is { Evidence.Length: > 0 } shown)
            html.Text(": ").Name(shown.Evidence);
        html.End().End();
    }
}
