using System.Globalization;

namespace Ipam.Bench;

/// <summary>Prints figures side by side.</summary>
internal static class Table
{
    public static void Head(string title, params string[] columns)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Row("", columns);
    }

    public static void Row(string name, params string[] cells) =>
        Console.WriteLine(name.PadRight(46) + string.Concat(cells.Select(static cell => cell.PadLeft(14))));

    public static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
