namespace Net.Plugin.Netlink;

/// <summary>Something to ask of the kernel: one message, and the words for it when it fails.</summary>
internal interface INetlinkRequest
{
    /// <summary>nlmsg_type.</summary>
    ushort Type { get; }

    /// <summary>nlmsg_flags, without "request", "dump" and "ack", which the socket adds.</summary>
    MessageFlags Flags { get; }

    /// <summary>Whether the kernel is to say how it went. Only the frame of a batch does without.</summary>
    bool WantsAnswer => true;

    /// <summary>The message's body: the family's structure and its attributes.</summary>
    void Write(ref NetlinkWriter writer);

    /// <summary>What is asked for, as an error message begins: <c>add address 10.1.2.2/24 to interface 7</c>.</summary>
    string Describe();
}
