// What ballots say about options.
#include "proposal_ballot.hpp"

#include <algorithm>
#include <charconv>

#include <quorate/tally/ballots.hpp>

#include "json.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

class marks_reader {
public:
    marks_reader(const position& of, const std::vector<ballot_option>& options) : of_(of), options_(options) {}

    marks_reading operator()(const std::vector<std::string>& names) {
        if (of_.says == marks::none) {
            fail("position " + in_quotes(of_.name) + " says nothing about options");
            return std::move(out_);
        }
        out_.marks.assign(options_.size(), of_.says == marks::scores ? tally::unscored : 0);
        named_.assign(options_.size(), false);
        std::int32_t rank = 0;
        for (const auto& name : names) {
            switch (of_.says) {
                case marks::ranking: tier(name, ++rank); break;
                case marks::scores: scored(name); break;
                default: mark(name, 1); break;
            }
            if (!out_.wrong.empty()) break;
        }
        return std::move(out_);
    }

private:
    void fail(std::string why) {
        if (out_.wrong.empty()) out_.wrong = std::move(why);
    }
    void mark(std::string_view name, std::int32_t value) {
        const auto found = std::find_if(options_.begin(), options_.end(), [&](const ballot_option& o) { return o.name == name; });
        if (found == options_.end() || found->withdrawn) {
            std::string known;
            for (const auto& o : options_)
                if (!o.withdrawn) known += (known.empty() ? "" : ", ") + o.name;
            return fail(in_quotes(std::string(name)) + (found == options_.end() ? " is no option here" : " was withdrawn") + "; there are: " + known);
        }
        const auto i = static_cast<std::size_t>(found - options_.begin());
        if (named_[i]) return fail(in_quotes(std::string(name)) + " is marked twice");
        named_[i] = true;
        out_.marks[i] = value;
    }
    void tier(std::string_view text, std::int32_t rank) {
        while (true) {
            const auto next = text.find('=');
            mark(text.substr(0, next), rank);
            if (next == std::string_view::npos) return;
            text.remove_prefix(next + 1);
        }
    }
    void scored(std::string_view text) {
        const auto   colon = text.rfind(':');
        const auto   digits = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
        std::int32_t value = 0;
        const auto   read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
            return fail(in_quotes(std::string(text)) + " is no score: write option:number");
        if (value < of_.least || value > of_.most)
            return fail(in_quotes(std::string(text)) + " is out of range: scores go from " + std::to_string(of_.least) + " to " + std::to_string(of_.most));
        mark(text.substr(0, colon), value);
    }

    const position&                   of_;
    const std::vector<ballot_option>& options_;
    std::vector<bool>                 named_;
    marks_reading                     out_;
};

}  // namespace

marks_reading read_marks(const std::vector<std::string>& names, const position& of, const std::vector<ballot_option>& options) {
    if (of.says == marks::none && names.empty()) return {};  // nothing to read, as in most processes
    return marks_reader(of, options)(names);
}

std::vector<std::string> marks_text(const std::vector<std::int32_t>& marked, const position& of, const std::vector<ballot_option>& options) {
    std::vector<std::string> out;
    const auto               size = std::min(marked.size(), options.size());
    if (of.says == marks::ranking) {
        std::vector<std::int32_t> ranks(marked.begin(), marked.begin() + static_cast<std::ptrdiff_t>(size));
        std::sort(ranks.begin(), ranks.end());
        ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
        for (const auto rank : ranks) {
            if (rank == tally::unranked) continue;
            std::string tier;
            for (std::size_t i = 0; i < size; ++i)
                if (marked[i] == rank) tier += (tier.empty() ? "" : "=") + options[i].name;
            out.push_back(std::move(tier));
        }
        return out;
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (of.says == marks::scores && marked[i] != tally::unscored) out.push_back(options[i].name + ":" + std::to_string(marked[i]));
        if (of.says == marks::approvals && marked[i] != 0) out.push_back(options[i].name);
    }
    return out;
}

bool is_option_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    return !name.empty() && name.size() <= longest && name != "default" && name != "winner" && std::all_of(name.begin(), name.end(), [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
    });
}

const ballot_option* proposal::option_named(std::string_view name) const {
    const auto found = std::find_if(options.begin(), options.end(), [&](const ballot_option& o) { return o.name == name; });
    return found == options.end() ? nullptr : &*found;
}

}  // namespace quorate
