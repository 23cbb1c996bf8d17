using IspBilling.Access.Rights;

namespace IspBilling.Access.Tests;

public sealed class RightNameTests
{
    /// <summary>Stored with keys and roles: a name that is changed here takes the right away from whoever has it.</summary>
    [Fact]
    public void Names_of_rights_never_change() => Assert.Equal(
        [
            "0 readClients", "1 writeClients", "2 addOneOffs", "3 manageDevices", "4 readMoney", "5 readStatements", "6 bookPayments", "7 handleDebts", "8 readBilling",
            "9 runBilling", "10 readReports", "11 readSettings", "12 writeSettings", "13 readKeys", "14 manageKeys", "15 readPeople", "16 managePeople", "17 operate",
            "18 readAudit",
        ],
        RightSet.All.Select(right => $"{(int)right} {RightNames.Of(right)}"));

    [Theory]
    [InlineData("clients:read", "readClients, readMoney")]
    [InlineData("clients:write", "writeClients, addOneOffs")]
    [InlineData("billing", "readBilling, runBilling")]
    [InlineData("payments", "readStatements, bookPayments, handleDebts")]
    [InlineData("reports", "readReports")]
    [InlineData("settings", "readSettings, writeSettings")]
    [InlineData("operator", "readKeys, manageKeys, operate")]
    public void A_scope_of_before_means_what_it_always_gave(string scope, string rights) =>
        Assert.Equal(rights.Split(", ").Order(StringComparer.Ordinal), RightNames.Read([scope]).Select(RightNames.Of).Order(StringComparer.Ordinal));

    [Fact]
    public void Rights_are_written_and_read_back() => Assert.Equal(RightSet.All, RightNames.Read(RightNames.Write(RightSet.All)));

    [Theory]
    [InlineData("everything")]
    [InlineData("ReadClients")]
    [InlineData("clients:delete")]
    [InlineData("")]
    public void A_word_that_means_nothing_gives_nothing(string word)
    {
        Assert.Null(RightNames.Find(word));
        Assert.Equal(RightSet.None, RightNames.Read([word]));
    }

    [Fact]
    public void Rights_are_a_set()
    {
        RightSet some = [Right.ReadClients, Right.ReadAudit, Right.ReadClients];

        Assert.Equal(2, some.Count);
        Assert.True(some.Has(Right.ReadAudit));
        Assert.False(some.Has(Right.ReadMoney));
        Assert.True(RightSet.All.Covers(some));
        Assert.False(some.Covers(RightSet.All));
        Assert.Equal([Right.ReadAudit], some.Without([Right.ReadClients]));
        Assert.True(some.Covers(RightSet.None));
    }

    [Fact]
    public void Roles_of_the_program_have_these_rights()
    {
        var roles = BuiltInRoles.All.ToDictionary(role => role.Code, role => role.Rights);

        Assert.Equal(["auditor", "clerk", "helpdesk", "operator", "owner", "sales", "technician"], roles.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(RightSet.All, roles["owner"]);
        Assert.Equal([Right.ReadClients, Right.AddOneOffs, Right.ManageDevices], roles["technician"]);
        Assert.Equal([Right.ReadClients, Right.ReadMoney, Right.HandleDebts], roles["helpdesk"]);
        RightSet changes =
        [
            Right.WriteClients, Right.AddOneOffs, Right.ManageDevices, Right.BookPayments, Right.HandleDebts, Right.RunBilling, Right.WriteSettings, Right.ManageKeys,
            Right.ManagePeople, Right.Operate,
        ];
        Assert.Equal(RightSet.All.Without(changes), roles["auditor"]);
        foreach (var (code, rights) in roles.Where(role => role.Key != "owner")) Assert.False(rights.Has(Right.ManagePeople), code);
    }
}
