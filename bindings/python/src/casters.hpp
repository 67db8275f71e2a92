// How the library's own values become Python's, and back: instants are aware datetimes in UTC, durations timedeltas, numbers Fractions.
#pragma once

#include <cstdint>
#include <string>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <quorate/ratio.hpp>
#include <quorate/time.hpp>

namespace quorate::python {

namespace py = pybind11;

/// datetime.timezone.utc
inline py::object utc() { return py::module_::import("datetime").attr("timezone").attr("utc"); }
inline py::object epoch() {
    return py::module_::import("datetime").attr("datetime")(1970, 1, 1, py::arg("tzinfo") = utc());
}
/// Whole microseconds of a timedelta: exactly, as Python keeps them.
inline std::int64_t microseconds_of(const py::handle& delta) {
    const auto days = delta.attr("days").cast<std::int64_t>();
    const auto seconds = delta.attr("seconds").cast<std::int64_t>();
    return (days * 86'400 + seconds) * 1'000'000 + delta.attr("microseconds").cast<std::int64_t>();
}
inline bool is_a(const py::handle& value, const char* type) { return py::isinstance(value, py::module_::import("datetime").attr(type)); }

}  // namespace quorate::python

namespace pybind11::detail {

/// A datetime with a time zone, or ISO 8601 text with one. Naive datetimes are refused: nobody knows which instant they mean.
template <>
struct type_caster<quorate::instant> {
    PYBIND11_TYPE_CASTER(quorate::instant, const_name("datetime.datetime"));

    bool load(handle from, bool) {
        namespace q = quorate::python;
        if (isinstance<str>(from)) {
            const auto read = quorate::parse_instant(from.cast<std::string>());
            if (!read) throw value_error("not an instant: " + from.cast<std::string>() + " (write 2026-03-01T00:00:00Z)");
            value = *read;
            return true;
        }
        if (!q::is_a(from, "datetime")) return false;
        if (from.attr("tzinfo").is_none() || from.attr("utcoffset")().is_none())
            throw value_error("a datetime without a time zone names no instant: give it tzinfo=timezone.utc");
        value = quorate::instant{quorate::duration{q::microseconds_of(from - q::epoch())}};
        return true;
    }
    static handle cast(quorate::instant t, return_value_policy, handle) {
        namespace q = quorate::python;
        const auto delta = module_::import("datetime").attr("timedelta")(0, 0, t.time_since_epoch().count());
        return object(q::epoch() + delta).release();
    }
};

/// A timedelta, or text such as "10 days".
template <>
struct type_caster<quorate::duration> {
    PYBIND11_TYPE_CASTER(quorate::duration, const_name("datetime.timedelta"));

    bool load(handle from, bool) {
        namespace q = quorate::python;
        if (isinstance<str>(from)) {
            const auto read = quorate::parse_duration(from.cast<std::string>());
            if (!read) throw value_error("not a duration: " + from.cast<std::string>() + " (write \"10 days\")");
            value = *read;
            return true;
        }
        if (!q::is_a(from, "timedelta")) return false;
        value = quorate::duration{q::microseconds_of(from)};
        return true;
    }
    static handle cast(quorate::duration d, return_value_policy, handle) {
        return module_::import("datetime").attr("timedelta")(0, 0, d.count()).release();
    }
};

/// A Fraction or int; what is no fraction, such as the square root of 2, is its text. Floats are refused: 0.1 isn't a tenth.
template <>
struct type_caster<quorate::number> {
    PYBIND11_TYPE_CASTER(quorate::number, const_name("fractions.Fraction"));

    bool load(handle from, bool) {
        if (!isinstance<int_>(from) && !isinstance(from, module_::import("fractions").attr("Fraction"))) return false;
        const auto whole = [](const object& part) { return quorate::parse_number(str(part).cast<std::string>()); };
        const bool negative = (from < int_(0));
        const auto size = object(negative ? -from : reinterpret_borrow<object>(from));
        const auto n = whole(size.attr("numerator")), d = whole(size.attr("denominator"));
        if (!n || !d) throw value_error("a number with too many digits");
        value = *divide(*n, *d);
        if (negative) value = quorate::multiply(value, -1);
        return true;
    }
    static handle cast(const quorate::number& n, return_value_policy, handle) {
        const auto text = quorate::to_string(n);
        if (!n.is_rational()) return str(text).release();
        return module_::import("fractions").attr("Fraction")(text).release();
    }
};

}  // namespace pybind11::detail
