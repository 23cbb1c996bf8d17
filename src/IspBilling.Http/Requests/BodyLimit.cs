using Microsoft.AspNetCore.Http.Metadata;

namespace IspBilling.Http.Requests;

/// <summary>An endpoint whose JSON may be larger than others'.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
