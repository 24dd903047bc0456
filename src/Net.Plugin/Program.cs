using Cni.Protocol;
using Net.Plugin.Ptp;

return PluginHost.ForProcess().Run(new PtpPlugin());
