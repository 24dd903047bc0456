using Ipam.Core.Addresses;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Ipam.Stores.Sqlite.Model;

/// <summary>The model of the database. The tables themselves are made by the migrations.</summary>
internal sealed class IpamContext(DbContextOptions<IpamContext> options) : DbContext(options)
{
    /// <summary>The blocks.</summary>
    public DbSet<BlockRow> Blocks => Set<BlockRow>();

    /// <summary>The leases.</summary>
    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    /// <summary>The pools.</summary>
    public DbSet<PoolRow> Pools => Set<PoolRow>();

    /// <summary>The reservations.</summary>
    public DbSet<ReservationRow> Reservations => Set<ReservationRow>();

    /// <summary>Who leads in what.</summary>
    public DbSet<LeadershipRow> Leadership => Set<LeadershipRow>();

    /// <summary>The revisions, in one row.</summary>
    public DbSet<StoreRow> Store => Set<StoreRow>();

    /// <summary>A context over an open connection, which stays its owner's.</summary>
    public static IpamContext Over(SqliteConnection connection) =>
        new(new DbContextOptionsBuilder<IpamContext>().UseSqlite(connection).Options);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Address>().HaveConversion<AddressConverter>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<BlockRow>(Describe);
        modelBuilder.Entity<LeaseRow>(Describe);
        modelBuilder.Entity<PoolRow>(pool => Describe(pool, "pools"));
        modelBuilder.Entity<ReservationRow>(reservation => Describe(reservation, "reservations"));
        modelBuilder.Entity<LeadershipRow>(Describe);
        modelBuilder.Entity<StoreRow>(Describe);
    }

    private static void Describe(EntityTypeBuilder<BlockRow> block)
    {
        block.ToTable("blocks").HasKey(row => new { row.Space, row.Base });
        block.Property(row => row.Space).HasColumnName("space");
        block.Property(row => row.Base).HasColumnName("base");
        block.Property(row => row.Node).HasColumnName("node");
        block.Property(row => row.Version).HasColumnName("version").IsConcurrencyToken();
        block.Property(row => row.LastSequence).HasColumnName("last_sequence");
        block.Property(row => row.LastOffset).HasColumnName("last_offset");
        block.Property(row => row.Held).HasColumnName("held");
        block.Property(row => row.Cooling).HasColumnName("resting");
    }

    private static void Describe(EntityTypeBuilder<LeaseRow> lease)
    {
        lease.ToTable("leases").HasKey(row => new { row.Space, row.Address });
        lease.HasIndex(row => new { row.Network, row.ContainerId, row.InterfaceName, row.Entry })
            .IsUnique().HasDatabaseName("leases_owner");
        lease.Property(row => row.Space).HasColumnName("space");
        lease.Property(row => row.Address).HasColumnName("address");
        lease.Property(row => row.Network).HasColumnName("network");
        lease.Property(row => row.ContainerId).HasColumnName("container_id");
        lease.Property(row => row.InterfaceName).HasColumnName("interface");
        lease.Property(row => row.Entry).HasColumnName("entry");
        lease.Property(row => row.Sequence).HasColumnName("sequence");
        lease.Property(row => row.Node).HasColumnName("node");
        lease.Property(row => row.PodNamespace).HasColumnName("pod_namespace");
        lease.Property(row => row.PodName).HasColumnName("pod_name");
        lease.Property(row => row.PodUid).HasColumnName("pod_uid");
        lease.Property(row => row.NetworkNamespace).HasColumnName("netns");
        lease.Property(row => row.AcquiredAt).HasColumnName("acquired_at");
        lease.Property(row => row.Cooldown).HasColumnName("cooldown");
    }

    private static void Describe<TRow>(EntityTypeBuilder<TRow> entry, string table)
        where TRow : CatalogRow
    {
        entry.ToTable(table).HasKey(row => row.Name);
        entry.Property(row => row.Name).HasColumnName("name");
        entry.Property(row => row.Version).HasColumnName("version").IsConcurrencyToken();
        entry.Property(row => row.CreatedAt).HasColumnName("created_at");
        entry.Property(row => row.Document).HasColumnName("document");
    }

    private static void Describe(EntityTypeBuilder<LeadershipRow> leadership)
    {
        leadership.ToTable("leadership").HasKey(row => row.Role);
        leadership.Property(row => row.Role).HasColumnName("role");
        leadership.Property(row => row.Holder).HasColumnName("holder").IsConcurrencyToken();
        leadership.Property(row => row.Until).HasColumnName("until").IsConcurrencyToken();
    }

    private static void Describe(EntityTypeBuilder<StoreRow> store)
    {
        store.ToTable("store").HasKey(row => row.Id);
        store.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        store.Property(row => row.Revision).HasColumnName("revision");
        store.Property(row => row.Identity).HasColumnName("identity");
        store.Property(row => row.Accepted).HasColumnName("accepted");
        store.Property(row => row.Catalog).HasColumnName("catalog").IsConcurrencyToken();
    }
}
