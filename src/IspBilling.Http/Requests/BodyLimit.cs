using Microsoft.AspNetCore.Http.Metadata;

namespace IspBilling.Http.Requests;

/// <summary>An endpoint whose JSON may be larger than others'.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

/// <summary>An endpoint that takes a mail as its body, and reads of it what it needs.</summary>
internal sealed record MessageBody(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
