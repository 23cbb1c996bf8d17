using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Security;

/// <summary>The two forms by which people come in. What is typed goes to the interface as JSON; the script of both forms is one file.</summary>
internal static class SignInPages
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private const string Style =
        """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 12vh auto; padding: 0 1rem }
        label { display: block; margin: 0 0 1rem }
        input, button { font: inherit; padding: .4rem .6rem }
        [hidden] { display: none !important }
        input { display: block; width: 100%; box-sizing: border-box; margin-top: .3rem }
        """;

    private const string Script =
        """
        const form = document.querySelector('form');
        const said = document.querySelector('[role=alert]');
        const call = (path, body) => fetch(path, {
          method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Requested-By': 'form' }, body: JSON.stringify(body) });
        const say = async answer => {
          const problem = await answer.json();
          const fields = Object.entries(problem.errors ?? {}).map(([field, reasons]) => `${field}: ${reasons.join(', ')}`);
          said.textContent = fields.length ? fields.join('; ') : `${problem.title} ${problem.detail ?? ''}`;
          return problem;
        };
        const typed = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
        const show = name => { const field = form.elements[name]; field.closest('label').hidden = false; field.focus(); };

        if (form.id === 'welcome') {
          form.elements.link.value = location.hash.slice(1);
          history.replaceState(null, '', location.pathname);
          const look = await call('/v1/welcome/look', { link: form.elements.link.value });
          if (look.ok) {
            const { login } = await look.json();
            if (login) form.elements.login.closest('label').hidden = form.elements.name.closest('label').hidden = true;
            else document.querySelector('#first').hidden = false;
          } else await say(look);
        } else if (location.hash === '#refused') said.textContent = 'Nobody here is known to the identity provider by that name. Ask for an invitation.';
        else if (location.hash === '#provider-away') said.textContent = 'The identity provider does not answer. Try again later, or sign in by your password.';

        form.addEventListener('submit', async event => {
          event.preventDefault();
          said.textContent = '';
          const answer = await call(form.id === 'welcome' ? '/v1/welcome' : '/v1/sign-in', typed());
          if (answer.ok) location.assign(form.id === 'welcome' ? '/sign-in' : '/');
          else if ((await say(answer)).type?.endsWith(':code-needed')) show('code');
        });
        """;

    private const string Welcome =
        """
        <form id="welcome">
        <p id="first" hidden>Nobody is here yet: whoever fills this in becomes the owner, with every right, and can invite the others.</p>
        <input name="link" type="hidden">
        <label>E-mail address<input name="login" type="email" autocomplete="username"></label>
        <label>Name<input name="name" autocomplete="name"></label>
        <label>Password, at least 12 characters<input name="password" type="password" autocomplete="new-password" required></label>
        <p role="alert"></p>
        <button>Choose this password</button>
        </form>
        """;

    private const string SignIn =
        """
        <form id="sign-in">
        <label>E-mail address<input name="login" type="email" autocomplete="username" required autofocus></label>
        <label>Password<input name="password" type="password" autocomplete="current-password" required></label>
        <label hidden>Code of the second factor, or a recovery code<input name="code" autocomplete="one-time-code"></label>
        <p role="alert"></p>
        <button>Sign in</button>
        </form>
        """;

    public static void MapSignInPages(this IEndpointRouteBuilder routes, IdentityProvider? provider)
    {
        var byProvider = provider is null ? "" : $"<p><a href=\"{ProviderSignIn.Path}\">Sign in by {System.Net.WebUtility.HtmlEncode(provider.Name)}</a></p>";
        Map("/welcome", Page("Welcome", Welcome), "text/html");
        Map("/sign-in", Page("Sign in", SignIn + byProvider), "text/html");
        Map("/sign-in/form.js", Script, "text/javascript");
        Map("/sign-in/form.css", Style, "text/css");

        void Map(string path, string content, string type) => routes.MapGet(path, (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return TypedResults.Content(content, $"{type}; charset=utf-8");
        }).OpenToAll().ExcludeFromDescription();
    }

    private static string Page(string title, string content) =>
        $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{title} – IspBilling</title>
        <link rel="stylesheet" href="/sign-in/form.css">
        <script type="module" src="/sign-in/form.js"></script>
        <h1>{title}</h1>
        <noscript><p>This form needs scripts to be allowed.</p></noscript>
        {content}
        </html>
        """;
}
