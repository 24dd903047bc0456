namespace EndToEnd.Load.Churn;

/// <summary>A time in which a container surely held an address: from the answer of its ADD to the call of its DEL.</summary>
internal readonly record struct Tenure(string Address, string Container, long From, long To);
