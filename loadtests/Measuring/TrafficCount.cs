using System.Diagnostics.Metrics;

namespace IspBilling.LoadTests.Measuring;

/// <summary>What the engine and the driver told about their work with the database.</summary>
/// <param name="Statements">Statements awaited, each at least one round trip; COPY not among them.</param>
/// <param name="BytesWritten">Sent to the server.</param>
/// <param name="FlightSizes">Commits of each flight, ascending.</param>
/// <param name="RetriedFlights">Flights that had to be flown again.</param>
public sealed record DatabaseTraffic(long Statements, long BytesWritten, IReadOnlyList<long> FlightSizes, long RetriedFlights)
{
    /// <summary>The size that the given share of flights does not exceed; 0 without flights.</summary>
    public long FlightSize(double share) => FlightSizes.Count == 0 ? 0 : FlightSizes[(int)Math.Min(FlightSizes.Count - 1, FlightSizes.Count * share)];
}

/// <summary>Listens to the meters of the engine and of Npgsql.</summary>
internal sealed class TrafficCount : IDisposable
{
    private const string Statement = "db.client.operation.duration";
    private const string BytesWritten = "db.client.operation.npgsql.bytes_written";
    private const string FlightSize = "ispbilling.flight.size";
    private const string FlightRetries = "ispbilling.flight.retries";

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<long> _flightSizes = [];
    private long _statements;
    private long _bytesWritten;
    private long _retriedFlights;

    public TrafficCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            // Only these: listening to every turn's duration would show in the figures.
            if (instrument.Name is Statement or BytesWritten or FlightSize or FlightRetries) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Count(instrument.Name, value));
        _listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Count(instrument.Name, 1));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    public DatabaseTraffic Counted()
    {
        Dispose();
        lock (_gate)
        {
            _flightSizes.Sort();
            return new DatabaseTraffic(_statements, _bytesWritten, _flightSizes, _retriedFlights);
        }
    }

    private void Count(string instrument, long value)
    {
        lock (_gate)
        {
            switch (instrument)
            {
                case Statement:
                    _statements++;
                    break;
                case BytesWritten:
                    _bytesWritten += value;
                    break;
                case FlightSize:
                    _flightSizes.Add(value);
                    break;
                case FlightRetries:
                    _retriedFlights += value;
                    break;
            }
        }
    }
}
