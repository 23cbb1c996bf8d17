using Microsoft.AspNetCore.Http.Metadata;

namespace IspBilling.Http.Requests;

/// <summary>An endpoint that takes larger bodies than the rest, as a stream.</summary>
internal sealed record UploadLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
