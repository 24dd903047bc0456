using Ipam.Core.Addresses;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Ipam.Stores.Sqlite.Model;

/// <summary>Keeps an <see cref="Address"/> as <see cref="AddressBytes"/>.</summary>
internal sealed class AddressConverter() : ValueConverter<Address, byte[]>(
    address => AddressBytes.Of(address),
    bytes => AddressBytes.Read(bytes));
