// A SQLite journal as JSON lines, out and in. One line is one event, answer or effect, in canonical form:
//
//     {"quorate":"journal","format":1}
//     {"seq":1,"stream":"p-1","version":1,"event":{"kind":...},"salt":"<hex>","hash":"<hex>"}
//     {"seq":2,"stream":"p-1","version":2,"event":{"kind":...},"erased":"<hex>","hash":"<hex>"}
//     {"key":"k-1","command":"<hash>","answer":"..."}
//     {"effect":1,"proposal":"p-1","at":"...","kind":"label","payload":"{...}","done":true}
//     {"checkpoint":2,"hash":"<hex>"}
//
// An event has a salt if it has a text; of an erased text, its hash.
#include <istream>
#include <map>
#include <ostream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "canonical.hpp"
#include "event_json.hpp"
#include "sqlite_store.hpp"

namespace quorate {
namespace {

constexpr std::string_view first_line = R"({"quorate":"journal","format":1})";
constexpr std::size_t      most_import_problems = 100;

// ---- out ------------------------------------------------------------------------------------------------------------
class exporter {
public:
    exporter(sqlite_journal::impl& j, std::ostream& out) : journal_(j), out_(out) {}

    void run() {
        const reading all(journal_);
        line_ = first_line;
        write();
        events();
        answers();
        effects();
        const auto               head = journal_.head();
        canonical::object_writer end{line_};
        end.integer("checkpoint", static_cast<std::int64_t>(head.seq));
        end.text("hash", to_hex(head.hash));
        end.close();
        write();
        out_.flush();
        if (!out_) throw failure(make_error(errc::io, "the export could not be written"));
    }

private:
    void write() {
        line_ += '\n';
        out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
        if (!out_) throw failure(make_error(errc::io, "the export could not be written"));
        line_.clear();
    }
    void events() {
        SQLite::Statement s(*journal_.db,
                            "SELECT e.seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash, hash,"
                            " salt, body "
                            "FROM event e LEFT JOIN text t ON t.seq = e.seq ORDER BY e.seq");
        stored_event row;
        for (bool more = journal_.first_row(s); more; more = s.executeStep()) {
            fill(row, s, journal_.path);
            row.what.text = bytes_of(s, 11);
            canonical::object_writer out{line_};
            out.integer("seq", static_cast<std::int64_t>(row.seq));
            out.text("stream", row.stream);
            out.integer("version", static_cast<std::int64_t>(row.version));
            put_event(out.key("event"), row.what);
            if (!s.getColumn(10).isNull()) out.text("salt", to_hex(bytes_of(s, 10)));
            else if (!s.getColumn(8).isNull()) out.text("erased", to_hex(bytes_of(s, 8)));
            out.text("hash", to_hex(bytes_of(s, 9)));
            out.close();
            write();
        }
    }
    void answers() {
        SQLite::Statement s(*journal_.db, "SELECT key, command, answer FROM answer ORDER BY key");
        for (bool more = s.executeStep(); more; more = s.executeStep()) {
            canonical::object_writer out{line_};
            out.text("key", bytes_of(s, 0));
            out.text("command", s.getColumn(1).isBlob() ? to_hex(bytes_of(s, 1)) : std::string(bytes_of(s, 1)));
            out.text("answer", bytes_of(s, 2));
            out.close();
            write();
        }
    }
    void effects() {
        SQLite::Statement s(*journal_.db, "SELECT id, proposal, at_us, kind, payload, done FROM outbox ORDER BY id");
        for (bool more = s.executeStep(); more; more = s.executeStep()) {
            canonical::object_writer out{line_};
            out.integer("effect", integer_of(s, 0));
            out.text("proposal", bytes_of(s, 1));
            out.moment("at", instant{duration{integer_of(s, 2)}});
            out.text("kind", bytes_of(s, 3));
            out.text("payload", bytes_of(s, 4));
            out.flag("done", integer_of(s, 5) != 0);
            out.close();
            write();
        }
    }

    sqlite_journal::impl& journal_;
    std::ostream&         out_;
    std::string           line_;
};

// ---- in -------------------------------------------------------------------------------------------------------------
class importer {
public:
    importer(sqlite_journal::impl& j, std::istream& in, std::string_view name) : journal_(j), in_(in), name_(name) {}

    result<void> run() {
        writing transaction(journal_);
        if (journal_.head().seq != 0 || journal_.db->execAndGet("SELECT count(*) FROM answer").getInt64() != 0)
            return make_error(errc::conflict, "only an empty journal can take an import", journal_.path);
        journal_.versions.clear();
        if (!next_line() || line_ != first_line) wrong("this is no export of a journal in a format known here");
        else
            while (next_line() && problems_.size() < most_import_problems) take_line();
        finish();
        if (!problems_.empty()) return error{code_, std::move(problems_)};
        transaction.commit();
        journal_.known_head = head_;
        return {};
    }

private:
    void wrong(std::string what, errc code = errc::damaged) {
        if (problems_.empty()) code_ = code;
        problems_.push_back({.where = name_, .line = number_, .column = 1, .what = std::move(what), .hint = {}});
    }

    /// The next line, without its end; at most `longest_export_line` bytes are kept in memory.
    bool next_line() {
        line_.clear();
        ++number_;
        auto* from = in_.rdbuf();
        for (auto c = from->sbumpc(); c != std::char_traits<char>::eof(); c = from->sbumpc()) {
            if (c == '\n') return true;
            if (line_.size() == longest_export_line) {
                wrong("longer than the limit of " + std::to_string(longest_export_line) + " bytes", errc::limit);
                return false;
            }
            line_ += std::char_traits<char>::to_char_type(c);
        }
        return !line_.empty();
    }

    void take_line() {
        if (ended_) return wrong("a line after the checkpoint, which must be the last");
        const std::string_view text = line_;
        canonical::scanner     in{text};
        if (text.starts_with(R"({"seq":)")) event_line(in);
        else if (text.starts_with(R"({"key":)")) answer_line(in);
        else if (text.starts_with(R"({"effect":)")) effect_line(in);
        else if (text.starts_with(R"({"checkpoint":)")) last_line(in);
        else wrong("neither an event nor an answer, an effect or a checkpoint");
    }
    /// Whether the line was in canonical form to its end.
    bool complete(const canonical::scanner& in, std::string_view what) {
        if (in.ok() && in.rest().empty()) return true;
        const auto column = line_.size() - in.rest().size() + 1;
        wrong("not " + std::string(what) + " as it is exported, from column " + std::to_string(column) + " on");
        return false;
    }
    /// An optional hexadecimal field.
    void hex(canonical::scanner& in, canonical::object_scanner& object, std::string_view key, std::size_t size,
        std::string& out) {
        out.clear();
        if (object.has(key) && in.string(scratch_) && (!from_hex(scratch_, out) || out.size() != size)) in.fail();
    }

    void event_line(canonical::scanner& in) {
        constexpr std::size_t     hash_size = 32;
        canonical::object_scanner object{in};
        if (object.needs("seq")) in.natural(row_.seq);
        if (object.needs("stream")) in.string(row_.stream);
        if (object.needs("version")) in.natural(row_.version);
        if (object.needs("event")) take_event(in, row_.what);
        hex(in, object, "salt", salt_size, salt_);
        hex(in, object, "erased", hash_size, erased_);
        hex(in, object, "hash", hash_size, hash_);
        object.close();
        const bool fits = salt_.empty() == row_.what.text.empty() && (erased_.empty() || salt_.empty()) && !hash_.empty();
        if (in.ok() && !fits)
            return wrong("text, salt, erased text and hash don't go together");
        if (!complete(in, "an event")) return;
        check_event();
    }

    void check_event() {
        const auto bad = unstorable(row_.what);
        if (!bad.empty() || row_.stream.empty() || !canonical::storable(row_.stream))
            return wrong("can't be stored: " + (bad.empty() ? "its stream is empty or not UTF-8" : bad));
        if (row_.what.text.size() > largest_stored_text) return wrong("its text is larger than the limit", errc::limit);
        if (row_.seq != head_.seq + 1)
            wrong("event " + std::to_string(row_.seq) + " where " + std::to_string(head_.seq + 1) + " was due");
        auto& version = versions_[row_.stream];
        if (row_.version != ++version)
            wrong("version " + std::to_string(row_.version) + " where " + std::to_string(version) + " was due");
        version = row_.version;
        text_columns  text{erased_, salt_, row_.what.text};
        sha256_digest of_text{};
        if (!salt_.empty()) {
            of_text = journal_.hashes.text_hash(salt_, row_.what.text);
            text.hash = as_bytes(of_text);
        }
        head_.seq = row_.seq - 1;
        if (problems_.empty()) journal_.insert(head_, row_.stream, row_.version, row_.what, text);
        else journal_.chain_on(head_, row_.stream, row_.version, row_.what, text);
        if (as_bytes(head_.hash) != hash_) {
            wrong("event " + std::to_string(row_.seq) + " of " + row_.stream
                + " is not what its hash says: it, or one before, was altered");
            std::copy(hash_.begin(), hash_.end(), reinterpret_cast<char*>(head_.hash.data()));
        }
        if (!erased_.empty()) missing_.emplace(row_.seq, number_);
        if (row_.stream == erasure_stream) erasure();
    }
    void erasure() {
        SQLite::Statement note(*journal_.db, "INSERT OR IGNORE INTO erasure VALUES (?1, ?2)");
        for (const auto& name : row_.what.names) {
            canonical::scanner in{name};
            std::uint64_t      seq = 0;
            if (!in.natural(seq) || !in.rest().empty() || seq == 0 || seq >= row_.seq) {
                wrong("erases " + name + ", which is no event before it");
                continue;
            }
            missing_.erase(seq);
            if (!problems_.empty()) continue;
            bind_natural(note, 1, seq);
            bind_natural(note, 2, row_.seq);
            note.exec();
            (void)note.tryReset();
        }
    }

    void answer_line(canonical::scanner& in) {
        kept_answer               a;
        canonical::object_scanner object{in};
        if (object.needs("key")) in.string(a.key);
        if (object.needs("command")) in.string(a.command_hash);
        if (object.needs("answer")) in.string(a.answer);
        object.close();
        if (complete(in, "an answer")) store([&] { journal_.insert(a); });
    }
    void effect_line(canonical::scanner& in) {
        effect                    e;
        bool                      done = false;
        canonical::object_scanner object{in};
        if (object.needs("effect")) in.natural(e.id);
        if (object.needs("proposal")) in.string(e.proposal);
        if (object.needs("at")) in.moment(e.at, scratch_);
        if (object.needs("kind")) in.string(e.kind);
        if (object.needs("payload")) in.string(e.payload);
        if (object.needs("done")) in.flag(done);
        object.close();
        if (!complete(in, "an effect")) return;
        if (e.id <= last_effect_) return wrong("effect " + std::to_string(e.id) + " is out of order");
        last_effect_ = e.id;
        store([&] { journal_.insert(e, done); });
    }
    template <class Insert>
    void store(Insert insert) {
        if (!problems_.empty()) return;
        try {
            insert();
        } catch (const failure& e) {
            wrong(e.why().problems.front().what, e.why().code);
        }
    }
    void last_line(canonical::scanner& in) {
        std::uint64_t             seq = 0;
        canonical::object_scanner object{in};
        if (object.needs("checkpoint")) in.natural(seq);
        if (object.needs("hash")) in.string(scratch_);
        object.close();
        if (!complete(in, "a checkpoint")) return;
        ended_ = true;
        if (seq != head_.seq || scratch_ != to_hex(head_.hash))
            wrong("the events before are not those of this checkpoint");
    }
    void finish() {
        for (const auto& [seq, line] : missing_) {
            if (problems_.size() >= most_import_problems) return;
            number_ = line;
            wrong("the text of event " + std::to_string(seq) + " is missing, and no event records its erasure");
        }
        if (!ended_ && problems_.empty()) wrong("the export ends without a checkpoint: it was cut");
    }

    sqlite_journal::impl& journal_;
    std::istream&         in_;
    std::string           name_;
    std::string           line_, scratch_, salt_, erased_, hash_;
    std::uint32_t         number_ = 0;
    stored_event          row_;
    chain_head            head_;
    std::uint64_t         last_effect_ = 0;
    bool                  ended_ = false;
    std::unordered_map<std::string, std::uint64_t> versions_;
    std::map<std::uint64_t, std::uint32_t>         missing_;  ///< erased texts yet without a record, and their lines
    std::vector<problem>                           problems_;
    errc                                           code_ = errc::damaged;
};

}  // namespace

result<void> sqlite_journal::export_lines(std::ostream& out) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        exporter(j, out).run();
        return {};
    });
}

result<void> sqlite_journal::import_lines(std::istream& in, std::string_view name) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> { return importer(j, in, name).run(); });
}

}  // namespace quorate
