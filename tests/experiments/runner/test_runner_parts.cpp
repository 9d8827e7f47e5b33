// The parts under the runner, each alone: leases, cores, processes, messages,
// successive halving, what is shown.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <thread>

#include "core/files.hpp"
#include "core/process_space.hpp"
#include "experiments/runner/asha.hpp"
#include "experiments/runner/cores.hpp"
#include "experiments/runner/display.hpp"
#include "experiments/runner/lease.hpp"
#include "experiments/runner/message.hpp"
#include "experiments/runner/process.hpp"
#include "experiments/runner/signals.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::runner;
namespace fs = std::filesystem;

namespace {

// Runs `body` in a child process and waits; its exit status.
template <class Body>
int in_child(Body body) {
  const int pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a lease has one owner at a time") {
  const TemporaryFolder folder;
  auto mine = Lease::claim(folder.path);
  REQUIRE(mine);
  CHECK_FALSE(Lease::claim(folder.path));
  CHECK(in_child([&] { return Lease::claim(folder.path) ? 1 : 0; }) == 0);
  const auto view = look_at_lease(folder.path);
  REQUIRE(view);
  CHECK(view->owner.pid == ::getpid());
  CHECK_FALSE(view->dead);
  CHECK(mine->heartbeat());
  mine->release();
  CHECK_FALSE(mine->heartbeat());
  CHECK_FALSE(look_at_lease(folder.path));
  CHECK(Lease::claim(folder.path));  // a temporary: released at once
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("the lease of a killed process is taken over at once, again and again") {
  const TemporaryFolder folder;
  for (int round = 0; round < 3; ++round) {
    CHECK(in_child([&] {
            auto lease = Lease::claim(folder.path);
            if (lease) ::kill(::getpid(), SIGKILL);
            return 1;
          }) == 128 + SIGKILL);
    const auto view = look_at_lease(folder.path);
    REQUIRE(view);
    CHECK(view->dead);
  }
  auto mine = Lease::claim(folder.path);
  REQUIRE(mine);
  CHECK(mine->heartbeat());
  CHECK_FALSE(Lease::claim(folder.path));
  mine->release();
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("an owner elsewhere is dead once its heartbeat is old, and then knows it") {
  const TemporaryFolder folder;
  auto other = Lease::claim(folder.path);
  REQUIRE(other);
  // Another machine: the boot id is not ours.
  const fs::path file = folder.path / "lease" / "owner.json";
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto at = text.find("\"boot\":\"") + 8;
  text.replace(at, 8, "ffffffff");
  std::ofstream(file) << text;
  CHECK_FALSE(look_at_lease(folder.path)->dead);
  CHECK_FALSE(Lease::claim(folder.path));
  fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::seconds(61));
  CHECK(look_at_lease(folder.path)->dead);
  auto mine = Lease::claim(folder.path);
  REQUIRE(mine);
  CHECK_FALSE(other->heartbeat());
  other->release();  // must leave the new owner's lease alone
  CHECK(mine->heartbeat());
}

TEST_CASE("a heartbeat from the future holds a lease no longer than any other") {
  const TemporaryFolder folder;
  auto other = Lease::claim(folder.path);
  REQUIRE(other);
  const fs::path file = folder.path / "lease" / "owner.json";
  std::string text = read_file(file);
  text.replace(text.find("\"boot\":\"") + 8, 8, "ffffffff");
  std::ofstream(file) << text;
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(file, now + std::chrono::hours(24 * 365 * 14));
  CHECK_FALSE(Lease::claim(folder.path));  // it counts from now on
  CHECK(fs::last_write_time(file) < now + std::chrono::seconds(10));
  CHECK(read_file(file) == text);  // and is still its owner's
  CHECK_FALSE(look_at_lease(folder.path)->dead);
  fs::last_write_time(file, now - std::chrono::seconds(61));
  CHECK(Lease::claim(folder.path));
}

TEST_CASE("of many that race for a dead lease one gets it") {
  const TemporaryFolder folder;
  for (int round = 0; round < 20; ++round) {
    if (round % 2)
      in_child([&] {
        auto lease = Lease::claim(folder.path);
        ::kill(::getpid(), SIGKILL);
        return 0;
      });
    std::atomic<int> won{0};
    std::vector<std::thread> racers;
    std::vector<std::optional<Lease>> leases;
    for (int i = 0; i < 4; ++i) leases.emplace_back();
    for (int i = 0; i < 4; ++i)
      racers.emplace_back([&, i] {
        if (auto lease = Lease::claim(folder.path)) {
          ++won;
          leases[static_cast<std::size_t>(i)].emplace(std::move(*lease));
        }
      });
    for (std::thread& r : racers) r.join();
    CHECK(won == 1);
    leases.clear();
    CHECK(fs::is_empty(folder.path));
  }
}

// A loop of links stands for a file server that lets nothing be seen for a while.
TEST_CASE("nobody waits for a lease that its own process gave back but could not take away") {
  const TemporaryFolder folder;
  const fs::path real = folder / "real", via = folder / "via";
  fs::create_directory(real);
  const auto lead_to = [&](const fs::path& target) {
    fs::remove(via);
    fs::create_symlink(target, via);
  };
  lead_to(real);
  auto lease = Lease::claim(via);
  REQUIRE(lease);
  lead_to("via");
  lease.reset();
  CHECK_THROWS_AS(Lease::claim(via), std::exception);
  lead_to(real);
  REQUIRE(fs::exists(real / "lease"));
  REQUIRE(look_at_lease(via));
  CHECK(look_at_lease(via)->dead);
  CHECK(Lease::claim(via));  // a temporary: released at once
  CHECK(fs::is_empty(real));
  // What was moved aside and could not be removed is so by whoever comes next, whoever lives.
  fs::create_directories(real / (".lease.old.abc." + process_mark()) / "inside");
  CHECK(Lease::claim(via));
  CHECK(fs::is_empty(real));
}

TEST_CASE("a lease in a folder that cannot be written is an error, not a loss") {
  CHECK_THROWS_WITH(Lease::claim("/proc/tubal"), Catch::Contains("/proc/tubal"));
}

TEST_CASE("no core is claimed twice") {
  const TemporaryFolder locks;
  AllowedCores allowed{{0, 1, 2}, 3, ""};
  CoreClaim first = claim_cores(allowed, 2, locks.path);
  CHECK(first.cores() == std::vector<int>{0, 1});
  CHECK(claim_cores(allowed, 2, locks.path).cores().empty());
  CHECK(claim_cores(allowed, 1, locks.path).cores() == std::vector<int>{2});
  first = CoreClaim();
  CHECK(claim_cores(allowed, 3, locks.path).cores() == std::vector<int>{0, 1, 2});
}

TEST_CASE("a child's lines, log, end and peak memory come back") {
  const TemporaryFolder folder;
  const std::string log = (folder.path / "log.txt").string();
  const auto finish = [](Child& child, std::vector<std::string>& lines) {
    for (;;) {
      const ChildEnd end = next_end();
      for (const std::string& line : read_lines(child)) lines.push_back(line);
      if (end.pid == child.pid) return end;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  };
  std::vector<std::string> lines;
  Child child =
      start({{"/bin/sh", "-c",
              "echo out; echo err >&2; echo one >&3; printf tw >&3; echo o >&3; echo $NAME >&3; exit 7"},
             {"NAME=value"},
             log,
             {}});
  ChildEnd end = finish(child, lines);
  CHECK(end.status == 7);
  CHECK(end.signal == 0);
  CHECK(end.peak_memory > 1e5);
  CHECK(lines == std::vector<std::string>{"one", "two", "value"});
  std::ifstream in(log);
  CHECK(std::string((std::istreambuf_iterator<char>(in)), {}) == "out\nerr\n");
  child = start({{"/bin/sh", "-c", "kill -SEGV $$"}, {}, log, {}});
  end = finish(child, lines);
  CHECK(end.signal == SIGSEGV);
  CHECK(signal_text(end.signal) == "signal 11 (segmentation fault)");
  child = start({{"/no/such/program"}, {}, log, {}});
  CHECK(finish(child, lines).status == 127);
  CHECK_THROWS_WITH(start({{"/bin/true"}, {}, "/proc/none/log.txt", {}}),
                    Catch::Contains("/proc/none/log.txt"));
}

TEST_CASE("a child ends when its runner is killed") {
  const TemporaryFolder folder;
  const fs::path mark = folder.path / "pid";
  CHECK(in_child([&] {
          start({{"/bin/sh", "-c",
                  "echo $$ > " + mark.string() + ".new; mv " + mark.string() + ".new " + mark.string() +
                      "; exec sleep 60"},
                 {},
                 "",
                 {}});
          while (!fs::exists(mark)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
          ::kill(::getpid(), SIGKILL);
          return 0;
        }) == 128 + SIGKILL);
  int pid = 0;
  std::ifstream(mark) >> pid;
  REQUIRE(pid > 0);
  for (int i = 0; i < 400 && process_start(pid); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(process_start(pid) == 0);
}

TEST_CASE("messages survive the pipe, NaN included, foreign lines are left out") {
  Message m;
  m.kind = "epoch";
  m.epoch = 3;
  m.epochs = 8;
  m.step = 120;
  m.steps = 400;
  m.loss = std::nan("");
  m.validation_accuracy = 0.1 + 0.2;
  m.tokens_per_second = 1e6;
  m.seconds_left = 12.5;
  const auto back = from_line(to_line(m));
  REQUIRE(back);
  CHECK(back->kind == "epoch");
  CHECK(back->epochs == 8);
  CHECK(back->steps == 400);
  CHECK(std::isnan(back->loss));
  CHECK(back->validation_accuracy == 0.1 + 0.2);
  CHECK(back->seconds_left == 12.5);
  CHECK_FALSE(from_line("warning: something"));
  CHECK_FALSE(from_line("{\"kind\": 3}"));
}

TEST_CASE("successive halving keeps the best 1/eta, NaN last, whatever the order") {
  const AshaConfig asha{"validation_accuracy", 2, 3};
  CHECK_FALSE(is_rung(asha, 1));
  CHECK(is_rung(asha, 2));
  CHECK_FALSE(is_rung(asha, 4));
  CHECK(is_rung(asha, 6));
  CHECK(is_rung(asha, 18));
  CHECK_FALSE(is_rung(AshaConfig{}, 1));
  std::map<std::string, double> scores{{"a", std::nan("")}, {"b", 0.9}, {"c", 0.8},
                                       {"d", 0.8},          {"e", 0.1}, {"f", std::nan("")}};
  CHECK(among_best(scores, "b", 3));
  CHECK(among_best(scores, "c", 3));  // the tie goes to the smaller id
  CHECK_FALSE(among_best(scores, "d", 3));
  CHECK_FALSE(among_best(scores, "a", 3));
  CHECK(among_best({{"a", 0.1}}, "a", 3));  // alone
  CHECK_FALSE(among_best({{"a", std::nan("")}}, "a", 3));
  const TemporaryFolder folder;
  CHECK(asha_goes_on({folder.path}, asha, "x", 1, {0.0, 9.0}));  // no rung
  CHECK(asha_goes_on({folder.path}, asha, "x", 2, {0.5, 1.0}));
  CHECK_FALSE(asha_goes_on({folder.path}, asha, "y", 2, {0.4, 1.0}));
  CHECK_FALSE(asha_goes_on({folder.path}, asha, "n", 2, {std::nan(""), std::nan("")}));
  CHECK(asha_goes_on({folder.path}, asha, "z", 2, {0.6, 1.0}));
  CHECK(asha_goes_on({folder.path}, asha, "x", 2, {0.5, 1.0}));  // a resumed one decides as before
  CHECK_FALSE(asha_goes_on({folder.path}, asha, "y", 2, {0.4, 1.0}));
  const AshaConfig loss{"validation_loss", 1, 2};
  CHECK(asha_goes_on({folder.path / "loss"}, loss, "x", 1, {0.0, 1.0}));
  CHECK(asha_goes_on({folder.path / "loss"}, loss, "y", 1, {0.0, 0.5}));
  CHECK_FALSE(asha_goes_on({folder.path / "loss"}, loss, "z", 1, {1.0, 2.0}));
}

TEST_CASE("numbers are shown for people") {
  CHECK(show_seconds(0.314) == "0.31 s");
  CHECK(show_seconds(7.25) == "7.2 s");
  CHECK(show_seconds(41.2) == "41 s");
  CHECK(show_seconds(185) == "3:05");
  CHECK(show_seconds(7800) == "2:10:00");
  CHECK(show_seconds(std::nan("")) == "?");
  CHECK(show_count(182345) == "182k");
  CHECK(show_count(18234) == "18.2k");
  CHECK(show_count(1834567) == "1.83M");
  CHECK(show_bytes(36e6) == "34 MiB");
  CHECK(show_bar(0.5, 4, false) == "##--");
  CHECK(show_bar(std::nan(""), 4, false) == "----");
  CHECK(fit("größer", 4) == "größ");
  CHECK(fit("größer", 8, true) == "  größer");
}
