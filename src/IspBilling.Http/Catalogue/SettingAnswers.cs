using IspBilling.Engine.Accounts;
using IspBilling.Http.Problems;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IspBilling.Http.Catalogue;

/// <summary>
/// Answers about one kind of setting, each with the setting's revision as its ETag. Settings are few and always in memory, so that lists need no
/// pages.
/// </summary>
/// <param name="path">Where settings of this kind are found, without a slash at its end.</param>
/// <param name="kind">See <see cref="SettingKinds"/>.</param>
internal sealed class SettingAnswers<TSetting, TView>(string path, string kind, Func<TSetting, TView> view) where TSetting : class
{
    /// <param name="unknown">For people: which setting does not exist.</param>
    public IResult Get(HttpContext http, LiveContext contexts, string key, TSetting? setting, string unknown)
    {
        if (setting is null) return Problem.Unknown(unknown);
        SettingAuthor.Show(http, contexts, kind, key);
        return TypedResults.Ok(view(setting));
    }

    public Ok<IReadOnlyList<TView>> List(IEnumerable<TSetting> ordered) => TypedResults.Ok<IReadOnlyList<TView>>([.. ordered.Select(view)]);

    /// <summary>Stores a valid setting and answers with it as it is now in force.</summary>
    /// <param name="inForce">Looks the setting up among those in force; asked before and after.</param>
    public async Task<IResult> Put(
        HttpContext http, LiveContext contexts, string key, Func<TSetting?> inForce, Func<SettingsStore, Task> store, SettingsDesk desk, CancellationToken cancellation)
    {
        var isNew = inForce() is null;
        try
        {
            await desk.Change(store, cancellation);
        }
        catch (SettingMovedOnException moved)
        {
            return SettingAuthor.MovedOn(moved);
        }

        SettingAuthor.Show(http, contexts, kind, key);
        var stored = view(inForce()!);
        return isNew ? TypedResults.Created($"{path}/{Uri.EscapeDataString(key)}", stored) : TypedResults.Ok(stored);
    }
}
