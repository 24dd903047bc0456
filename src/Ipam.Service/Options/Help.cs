namespace Ipam.Service.Options;

/// <summary>The text of <c>ipamd --help</c>.</summary>
internal static class Help
{
    public const string Text =
        """
        ipamd: the IPAM service of this node. It hands out addresses to the CNI plugin `ipam` over a unix socket.

        Usage: ipamd [--OPTION VALUE]...

          --store URL            where addresses are kept             (sqlite:/var/lib/ipam/ipam.db)
          --role ROLE            node: serves this node; controller: works for the whole cluster while it leads; all: both (all)
          --socket PATH          unix socket to serve                 (/run/ipam/ipamd.sock)
          --listen ADDRESS:PORT  metrics and health over TCP, too     (nowhere)
          --node NAME            name of this node                    (the host's name)
          --node-labels K=V,...  labels of this node, for pools        (none; Kubernetes: the node's)
          --spool FOLDER         releases to be carried out later     (/var/lib/ipam/spool)
          --take-over            take the node's name over from another machine that seems to be alive
          --request-timeout N    seconds until a request is refused   (20)
          --gc-grace N           seconds that an owner must be gone before its address is released without a DEL; 0: never (30)
          --node-gone-after N    seconds without a sign of its ipamd after which a node and its containers count as gone; 0: never (0)
          --history DAYS         days for which it is kept which leases there were; off: nothing is (90)
          --history-size MIB     MiB that this may take; Redis: of each space (2048; Redis: 1024)
          --serve-history ADDRESS:PORT  where others ask for this node's history, on Kubernetes (nowhere)
          --log-level LEVEL      trace, debug, information, warning, error, critical, none (information)
          --log-format FORMAT    text or json                         (text)
          --config FILE          JSON file with the same options in camelCase (/etc/ipam/ipamd.json, if it is there)
          --version, --help

        Each option is also an environment variable, IPAM_STORE for --store and so on. A flag beats a variable, a variable beats the file.
        Exit codes: 0 stopped by SIGTERM or SIGINT, 1 can't serve, 2 wrong options.
        """;
}
