using Cni.Protocol;
using Ipam.Plugin;

return PluginHost.ForProcess().Run(new IpamPlugin());
