using System.Net;
using Net.Plugin.Attachments;

namespace Net.Plugin.Firewall.Backends;

/// <summary>An attachment and those of its addresses that are to be masqueraded.</summary>
internal sealed record AttachedAddresses(AttachmentTag Tag, IReadOnlyList<IPAddress> Addresses);
