// Whether a webhook's body is from whoever knows the secret.
#pragma once

#include <string>
#include <string_view>

namespace bot {

/// The value of X-Hub-Signature-256 for that body: "sha256=" and 64 hexadecimal digits.
[[nodiscard]] std::string signature_of(std::string_view body, std::string_view secret);

/// Whether `header` is the signature of the bytes of `body`, as they came. The header's form is looked at first, then two digests of 32
/// bytes are compared, in a time that doesn't depend on what is in them. Nothing makes it throw. An empty secret or header: false.
[[nodiscard]] bool is_signed(std::string_view body, std::string_view header, std::string_view secret) noexcept;

}  // namespace bot
