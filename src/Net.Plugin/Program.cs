using Cni.Protocol;
using Net.Plugin.Ptp;
using NetworkNamespace = Net.Plugin.Namespaces.NetworkNamespace;

return PluginHost.ForProcess(NetworkNamespace.IsOwn).Run(new PtpPlugin());
