using System.Net.Sockets;
using IspBilling.Access.Ring;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Migrations;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace IspBilling.Hosting;

/// <summary>
/// Tells apart what keeps a program from starting although nothing is wrong with it. That is one sentence on the standard error and
/// exit code 1; everything else is a bug and keeps its stack.
/// </summary>
public static class StartFailure
{
    /// <summary>Ended as it was told to.</summary>
    public const int Success = 0;

    /// <summary>Did not start, or stopped by itself.</summary>
    public const int Failed = 1;

    /// <returns>What the program returns, or <see cref="Failed"/> after its sentence.</returns>
    public static async Task<int> Guard(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (Exception failure) when (Sentence(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return Failed;
        }
    }

    /// <summary>Null when somebody has to look into the program.</summary>
    public static string? Sentence(Exception failure) => failure switch
    {
        StartFailedException or EmbeddedPostgresException or MigrationException or KeyFileException => failure.Message,
        IOException { InnerException: AddressInUseException } => $"{Address(failure.Message)} is taken by another process: choose another port by --port or ASPNETCORE_URLS.",
        IOException { InnerException: SocketException socket } => $"{Address(failure.Message)} cannot be listened on: {socket.Message}.",
        SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } => $"The address of the interface cannot be listened on: {failure.Message}.",
        PostgresException refused => $"ISPBILLING__DATABASE: the database refuses: {refused.MessageText} ({refused.SqlState}).",
        NpgsqlException or SocketException => $"ISPBILLING__DATABASE: the database cannot be reached: {(failure.InnerException ?? failure).Message.TrimEnd('.')}.",
        _ => null,
    };

    /// <summary>Kestrel says "Failed to bind to address http://127.0.0.1:8080: address already in use."</summary>
    private static string Address(string message)
    {
        const string before = "address ";
        var from = message.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var to = message.LastIndexOf(": ", StringComparison.Ordinal);
        return from >= before.Length && to > from ? message[from..to] : message.TrimEnd('.');
    }
}
