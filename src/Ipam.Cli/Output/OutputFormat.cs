namespace Ipam.Cli.Output;

/// <summary>How data are printed.</summary>
internal enum OutputFormat
{
    /// <summary>One line each, in columns.</summary>
    Table,

    /// <summary>A table with all columns, and nothing shortened.</summary>
    Wide,

    /// <summary>One line per column, for single things.</summary>
    Text,

    /// <summary>A JSON array of objects.</summary>
    Json,

    /// <summary>The same objects, one in each line.</summary>
    Jsonl,

    /// <summary>The same as YAML.</summary>
    Yaml,

    /// <summary>All columns as comma-separated values (RFC 4180), under their titles.</summary>
    Csv,

    /// <summary>What stands in the first column, by which things are called.</summary>
    Name,
}
