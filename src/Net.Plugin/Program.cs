using Cni.Protocol;
using Net.Plugin.Ptp;

return PluginHost.ForProcess(Net.Plugin.Namespaces.NetworkNamespace.IsOwn).Run(new PtpPlugin());
