using IspBilling.Http.Problems;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IspBilling.Http.Catalogue;

/// <summary>Answers about one kind of setting. Settings are few and always in memory, so that lists need no pages.</summary>
/// <param name="path">Where settings of this kind are found, without a slash at its end.</param>
internal sealed class SettingAnswers<TSetting, TView>(string path, Func<TSetting, TView> view) where TSetting : class
{
    /// <param name="unknown">For people: which setting does not exist.</param>
    public IResult Get(TSetting? setting, string unknown) => setting is null ? Problem.Unknown(unknown) : TypedResults.Ok(view(setting));

    public Ok<IReadOnlyList<TView>> List(IEnumerable<TSetting> ordered) => TypedResults.Ok<IReadOnlyList<TView>>([.. ordered.Select(view)]);

    /// <summary>Stores a valid setting and answers with it as it is now in force.</summary>
    /// <param name="inForce">Looks the setting up among those in force; asked before and after.</param>
    public async Task<IResult> Put(
        string key, Func<TSetting?> inForce, Func<SettingsStore, Task> store, SettingsDesk desk, CancellationToken cancellation)
    {
        var isNew = inForce() is null;
        await desk.Change(store, cancellation);
        var stored = view(inForce()!);
        return isNew ? TypedResults.Created($"{path}/{Uri.EscapeDataString(key)}", stored) : TypedResults.Ok(stored);
    }
}
