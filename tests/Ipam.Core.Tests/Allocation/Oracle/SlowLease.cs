using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Allocation.Oracle;

internal sealed record SlowLease(string Space, Address Address, Owner Owner, int Entry);
