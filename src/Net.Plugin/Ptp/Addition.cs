using System.Runtime.ExceptionServices;
using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Sysctl;

namespace Net.Plugin.Ptp;

/// <summary>
/// ADD: all of it or nothing. The IPAM plugin takes longer than everything else, so all that needs no address is done while it works,
/// the veth pair above all, and the rest while it ends. Without an IPAM plugin the pair has no addresses, and both ends are only up. Whether there may be this attachment is decided before IPAM is asked.
/// </summary>
internal sealed class Addition(
    PluginRequest request, PtpConfiguration configuration, AttachmentTag tag, BothEnds ends, Masquerading masquerading, FileDescriptor claim)
{
    private const int LinkLocalPrefixLength = 64;

    private readonly IpamPlugin? _ipam = IpamPlugin.Of(request, configuration.IpamTimeout, claim);
    private readonly VethMaker _maker = new(ends, tag, request, configuration);
    private VethPair? _pair;
    private IMasquerade? _masquerade;
    private bool _mayHoldAddresses;
    private ReadOnlyMemory<byte> _answer;
    private int _used;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Makes the attachment; returns what ADD prints.</summary>
    /// <exception cref="CniException">What failed, after all that was done is undone.</exception>
    public ReadOnlyMemory<byte> Run()
    {
        Step.Run("look for the interfaces", _maker.ThrowIfTaken);
        try
        {
            if (_ipam is null)
            {
                Prepare();
                return Connect(new CniResult());
            }
            var output = _ipam.Add(meanwhile: () => Try(Prepare), answered: output => Try(() => (_answer, _used) = (Connect(output), output.Length)));
            _fault?.Throw();
            if (_answer.IsEmpty)
                return Connect(output);
            // What came behind the part that was used may have made it no result.
            if (output.Length > _used)
                _ = CniResult.Parse(output.Span, request.Version);
            return _answer;
        }
        catch (Exception e)
        {
            throw new CniException(Undo(e));
        }
    }

    // The IPAM plugin is running, and its end has to be waited for whatever happens here.
    private void Try(Action work)
    {
        if (_fault is not null)
            return;
        try
        {
            work();
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }
    }

    private void Prepare()
    {
        _mayHoldAddresses = _ipam is not null;
        var pair = _pair = Step.Run("make the veth pair", _maker.Make);
        // Where the kernel has no IPv6 there is nothing to ignore.
        _ = Ipv6Settings.TryIgnoreRouterAdvertisements(pair.Host.Name);
        Step.Run("set up the host's end", () => ends.Host.Execute(new LinkChange { Index = pair.HostIndex, Alias = tag.Text, Up = true }));
        if (configuration.Masquerade)
            Step.Run("set up masquerading", PrepareMasquerade);
        if (_ipam is not null)
            Rehearsal.Run(request.Version, result => Plan(pair, result), result => Answer(pair, result));
    }

    private void PrepareMasquerade()
    {
        _masquerade = masquerading.Choose(configuration.MasqueradeBackend);
        if (_masquerade.HasNothingOf(tag.NetworkPrefix))
            new MasqueradeRepair(configuration, tag.NetworkPrefix, masquerading, ends.Host).Run();
    }

    private byte[] Connect(ReadOnlyMemory<byte> output)
    {
        var result = CniResult.Parse(output.Span, request.Version);
        return result.Ips.Count > 0
            ? Connect(result)
            : throw new CniException(CniErrorCode.Internal, "IPAM plugin returned missing IP config", "its result holds no address");
    }

    private byte[] Connect(CniResult result)
    {
        var pair = _pair!;
        var plan = Plan(pair, result);
        configuration.ThrowIfMtuIsTooSmallFor(plan);
        foreach (var family in plan.Families)
            Step.Run("enable IP forwarding", () => EnableForwarding(family));
        Step.Run("configure the container's end", () => ConfigureContainer(pair, plan));
        Step.Run("configure the host's end", () => ends.Host.Execute([.. plan.HostAddresses, .. plan.HostRoutes]));
        if (_masquerade is not null)
            Step.Run("set up masquerading", () => _masquerade.Add(tag, configuration.ScopeFor(plan.Prefixes)));
        return Answer(pair, result);
    }

    private void EnableForwarding(IpFamily family)
    {
        if (Forwarding.IsEnabled(family))
            return;
        if (family == IpFamily.V6)
            HostRouters.Keep(ends.Host);
        Forwarding.Enable(family);
    }

    private AttachmentPlan Plan(VethPair pair, CniResult result) =>
        AttachmentPlan.Make(result.Ips, result.Routes, pair.ContainerIndex, pair.HostIndex, configuration.DetectDuplicates);

    private void ConfigureContainer(VethPair pair, AttachmentPlan plan)
    {
        var up = new LinkChange { Index = pair.ContainerIndex, Up = true };
        var makesLinkLocal = plan.HasV6 && ends.ContainerNamespace.Run(() => AllowV6(pair.Container.Name));
        if (configuration.DetectDuplicates && plan.HasV6)
        {
            ends.Container.Execute([.. plan.ContainerAddresses, up]);
            DuplicateDetection.Wait(ends.Container, pair.ContainerIndex);
            ends.Container.Execute([.. plan.ContainerRoutes]);
        }
        else if (makesLinkLocal)
        {
            // By itself the kernel would try the link-local address first, for more than a second, in which nothing can use it.
            ends.Container.Execute(
            [
                new LinkChange { Index = pair.ContainerIndex, LinkLocal = LinkLocalGeneration.Nowhere },
                .. plan.ContainerAddresses, LinkLocalAddress(pair), up,
                new LinkChange { Index = pair.ContainerIndex, LinkLocal = LinkLocalGeneration.FromMac },
                .. plan.ContainerRoutes,
            ]);
        }
        else
        {
            ends.Container.Execute([.. plan.ContainerAddresses, up, .. plan.ContainerRoutes]);
        }
    }

    private static AddressAddition LinkLocalAddress(VethPair pair) => new(
        pair.ContainerIndex, new IpPrefix(pair.Container.Mac!.Value.ToLinkLocal(), LinkLocalPrefixLength), AddressFlags.NoDuplicateDetection,
        (byte)RouteScope.Link);

    // Whether the kernel would make a link-local address of the interface's Ethernet address.
    private static bool AllowV6(string interfaceName)
    {
        // A kernel that can't say whether IPv6 is off will say what it has against the addresses.
        _ = Ipv6Settings.TryEnable("lo", out _);
        var enabled = Ipv6Settings.TryEnable(interfaceName, out _);
        Ipv6Settings.KeepAddressesWhenDown(interfaceName);
        return enabled && Ipv6Settings.MakesLinkLocalFromMac(interfaceName);
    }

    private byte[] Answer(VethPair pair, CniResult result)
    {
        var whole = result with
        {
            Interfaces =
            [
                new CniInterface(pair.Host.Name) { Mac = pair.Host.Mac.ToString()! },
                new CniInterface(pair.Container.Name) { Mac = pair.Container.Mac.ToString()!, Sandbox = request.Environment.NetNs },
            ],
            Ips = [.. result.Ips.Map(ip => ip with { Interface = 1 })],
            Dns = configuration.Network.Dns ?? result.Dns,
        };
        return whole.ToJson(request.Version);
    }

    // The addresses are given back last, when nothing uses them any more.
    private CniError Undo(Exception cause)
    {
        var faults = new Faults();
        if (_masquerade is not null)
            faults.Catch("remove masquerading", () => _masquerade.Remove(tag));
        if (_pair is { } pair)
            faults.Catch("delete the veth pair", () => ends.Container.TryRemove(new LinkRemoval { Index = pair.ContainerIndex }));
        if (_mayHoldAddresses)
            faults.Catch("give the addresses back", () => _ipam!.Run(CniCommand.Del));
        var error = cause is CniException known ? known.Error : Fault.Unexpected(cause);
        return faults.AddTo(error);
    }
}
