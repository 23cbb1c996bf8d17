using IspBilling.Banking;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>Small files of others that matching got wrong once, from their bytes to the accounts. Skipped, visibly, where they are absent.</summary>
public sealed class CaseFiles : IAsyncLifetime
{
    private static readonly string? Folder = Find();

    private Bank _bank = null!;

    public async Task InitializeAsync() => _bank = await Bank.Open();

    /// <summary>Whatever a test did, it leaves clean books.</summary>
    public async Task DisposeAsync()
    {
        var findings = await _bank.Findings();
        await _bank.DisposeAsync();
        Assert.Empty(findings);
    }

    [CaseFact]
    public async Task M1_a_learned_payer_does_not_beat_a_message_that_names_another_client()
    {
        await _bank.Debtor(1, 222_111);
        await _bank.Debtor(2, 222_333);

        await Import("M1-1.json");
        await Import("M1-2.json");

        // The second client's, or a person's; never the first one's.
        Assert.Equal([0m, 499m], await _bank.Open(1));
        Assert.NotEqual(new AccountId(1), (await _bank.Entry("26000003002")).Account);
    }

    [CaseFact]
    public async Task M2_a_year_in_a_message_pays_nobody()
    {
        await _bank.Debtor(1, 2026);

        await Import("M2-1.json");

        Assert.Equal(EntryState.Suspense, (await _bank.Entry("26000003101")).State);
    }

    [CaseFact]
    public async Task M6_a_return_with_the_bank_s_fee_is_bookable()
    {
        await _bank.Debtor(1, 6111);
        await Import("M6-1.xml");
        await Import("M6-2.xml");
        var entry = await _bank.Entry("R6102");
        Assert.Equal((EntryState.Suspense, new AccountId(1)), (entry.State, entry.Candidates.Single().Account));

        Assert.IsType<EntryAssigned>(await _bank.Desk.Return(
            entry.Id, [new ReturnShare(new AccountId(1), 1, Money.Czk(499))], Money.Czk(60), Clerk.Eva, "returned with a fee", default));

        Assert.Equal([499m, 499m], await _bank.Open(1));
    }

    [CaseFact]
    public async Task M7_one_return_takes_back_two_payments()
    {
        await _bank.Debtor(1, 7111);
        await Import("M7-1.xml");
        await Import("M7-2.xml");
        var entry = await _bank.Entry("R7103");
        Assert.Equal((EntryState.Suspense, new AccountId(1)), (entry.State, entry.Candidates.Single().Account));

        Assert.IsType<EntryAssigned>(await _bank.Desk.Return(
            entry.Id, [new ReturnShare(new AccountId(1), 1, Money.Czk(499)), new ReturnShare(new AccountId(1), 2, Money.Czk(199))],
            fee: null, Clerk.Eva, "both came back", default));

        Assert.Equal([499m, 499m], await _bank.Open(1));
    }

    [CaseFact]
    public async Task B5_a_file_that_adds_up_only_with_its_reversal_flipped_is_refused() =>
        await Assert.ThrowsAsync<StatementFormatException>(() => Import("B5.xml"));

    private async Task Import(string file)
    {
        await using var content = File.OpenRead(Path.Combine(Folder!, file));
        var statement = await StatementReaders.Open(content, file, StatementReaderOptions.Default, default);
        await _bank.ImportFile(statement.Items);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) continue;
            var cases = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "cases", "bank"));
            return Directory.Exists(cases) ? cases : null;
        }

        return null;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CaseFactAttribute : FactAttribute
    {
        public CaseFactAttribute()
        {
            if (Folder is null) Skip = "The folder ../shared/cases/bank is not here.";
        }
    }
}
