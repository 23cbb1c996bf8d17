namespace IspBilling.Hosting;

/// <summary>A node cannot start for a reason that whoever starts it can do something about. The message is one sentence for that person.</summary>
public class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A setting is unknown or has a value that cannot be used. The message names the setting and says what was expected.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : StartFailedException(message, inner);
