// Random lives of a study: twenty edits each, with every law of study_life.hpp checked after each.
//
// TUBAL_LIVES=n runs n sequences, from number TUBAL_FIRST_LIFE=k on (tests/experiments/tests.cmake: 100 in
// all); TUBAL_LIFE=k sequence k alone, with a line for each step.
#include <signal.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <limits>
#include <random>

#include "core/clock.hpp"
#include "core/files.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/records/verify_study.hpp"
#include "experiments/runner/prune.hpp"
#include "experiments/runner/study_lock.hpp"
#include "tests/experiments/runner/study_life.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::life;

namespace {

// In memory where there is such a place that runs plug-ins: a life syncs thousands of times.
fs::path quick_place() {
  struct statvfs about {};
  const char* memory = "/dev/shm";
  const bool serves = access(memory, W_OK) == 0 && statvfs(memory, &about) == 0 &&
                      !(about.f_flag & ST_NOEXEC) && about.f_bavail * about.f_frsize > (512ul << 20);
  return serves && !std::getenv("TMPDIR") ? fs::path(memory) : fs::temp_directory_path();
}

class Life {
 public:
  Life(std::uint64_t seed, bool told) : random_(seed), told_(told) {
    write_data(folder_.path, 0, 0);
    write_matrix(folder_.path, 0);
    write_plugin(folder_.path, 0);
    now_ = {};
    step("first run", [&] { run(grid_); });
  }

  int steps() const { return steps_; }

  void edit() {
    switch (roll(20)) {
      case 0:
        return step("set", [&] {
          grid_.epochs = 1 + roll(3);
          run(grid_);
        });
      case 1:
      case 2:
        return step("sweep p", [&] {
          static const std::vector<std::vector<int>> choices = {{1}, {2}, {1, 2}, {2, 4}, {1, 2, 4}, {4}};
          grid_.p = choices[static_cast<std::size_t>(roll(6))];
          mend();
          run(grid_);
        });
      case 3:
        return step("axis added or removed", [&] {
          grid_.norm = grid_.norm.size() > 1 ? std::vector<std::string>{"post"}
                                             : std::vector<std::string>{"post", "pre"};
          run(grid_);
        });
      case 4:
      case 5:
        return step("axis replaced", [&] {
          static const std::vector<std::vector<std::string>> choices = {
              {"dct"},    {"dct", "haar"}, {"dct", "matrix"},
              {"matrix"}, {"dct", "ok"},   {"haar", "matrix", "ok"}};
          grid_.transform = choices[static_cast<std::size_t>(roll(6))];
          mend();
          run(grid_);
        });
      case 6:
        return step("seeds up or down", [&] {
          grid_.seeds = 1 + roll(2);
          run(grid_);
        });
      case 7:
      case 8:
        return step("data changed", [&] {
          write_data(folder_.path, now_.data = roll(3), unread_);
          run(grid_);
        });
      case 9:
        return step("an unread column changed", [&] {
          write_data(folder_.path, now_.data, ++unread_);
          run(grid_);
        });
      case 10:
        return step("matrix changed", [&] {
          write_matrix(folder_.path, now_.matrix = roll(3));
          run(grid_);
        });
      case 11:
        return step("plug-in changed", [&] {
          write_plugin(folder_.path, now_.plugin = roll(3));
          run(grid_);
        });
      case 12:
        return step("`tubal run STUDY`", [&] { run_study(); });
      case 13:
        return step("folders deleted", [&] { delete_folders(); });
      case 14:
        return step("folder copied", [&] { copy_folder(); });
      case 15:
        return step("folder renamed", [&] { rename_folder(); });
      case 16:
        return step("config.yaml edited", [&] { edit_config(); });
      case 17:
        return step("two runners with two grids", [&] { two_runners(); });
      case 18:
        return step("killed", [&] { kill_runner(); });
      default:
        return roll(2) ? step("pruned", [&] { prune(); }) : step("study moved", [&] { move_study(); });
    }
  }

 private:
  int roll(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

  layout::StudyFolder study() const { return {folder_.path / place_}; }

  // A 2 x 2 matrix serves no p = 4.
  void mend() {
    if (grid_.uses("matrix") && std::find(grid_.p.begin(), grid_.p.end(), 4) != grid_.p.end())
      grid_.p = {1, 2};
  }

  // A process of its own, as the command is: plug-ins are loaded once a process, and it may be killed.
  pid_t start(const std::string& grid_file) {
    const pid_t child = fork();
    if (child) return child;
    int exit = 0;
    try {
      run_cheaply(folder_.path, grid_file, study(), folder_ / "ran");
    } catch (const std::exception& e) {
      std::cerr << "run: " << e.what() << "\n";
      exit = 1;
    }
    std::_Exit(exit);
  }
  static int wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }
  std::string write(const Grid& grid, const std::string& name = "grid.yaml") {
    write_file(folder_ / name, grid.text(), Durability::unsynced);
    return name;
  }

  void run(const Grid& grid) {
    require(wait_for(start(write(grid))) == 0, "the run failed");
    current_ = grid;
    files_ = now_;
  }
  void run_study() {
    require(wait_for(start("")) == 0, "`tubal run STUDY` failed");
    files_ = now_;
  }

  void step(const std::string& name, const std::function<void()>& edit) {
    ++steps_;
    name_ = name;
    if (told_) std::cout << steps_ << ". " << name << "\n";
    const std::string before = fs::exists(study().history()) ? read_file(study().history()) : "";
    edit();
    if (told_)
      std::cout << "   " << keys_of(current_, files_).size() << " keys, data " << files_.data << ", "
                << finished(study()).size() << " complete in the store\n";
    laws(true);
    require(read_file(study().history()).starts_with(before), "the history was rewritten");
    // Nothing finished is run again, and nothing is lost but what was taken away.
    std::map<std::string, int> ran;
    std::ifstream lines(folder_ / "ran");
    for (std::string key; std::getline(lines, key);) ++ran[key];
    const auto done = finished(study());
    for (const auto& [key, times] : ran) {
      require(times <= 1 + taken_[key] + rival_[key], "run " + std::to_string(times) + " times: " + key);
      require(done.count(key) || taken_[key] > 0, "lost: " + key);
    }
  }

  void laws(bool settled) {
    for (const std::string& broken : broken_laws(study(), current_, files_, settled)) require(false, broken);
  }
  void require(bool holds, const std::string& what) {
    if (holds) return;
    INFO("step " << steps_ << ", " << name_ << ": " << what << "\n" << current_.text());
    FAIL_CHECK(what);
  }

  // A trial of the store; "" where there is none.
  std::string any_trial(std::string& key) {
    const auto done = finished(study());
    if (done.empty()) return "";
    auto at = done.begin();
    std::advance(at, roll(static_cast<int>(done.size())));
    key = at->first;
    return at->second[0];
  }
  bool verify_names(const std::string& what) {
    for (const std::string& problem : verify_study(study().root).problems)
      if (problem.find(what) != std::string::npos) return true;
    return false;
  }
  bool in_grid(const std::string& key) { return keys_of(current_, files_).count(key) > 0; }

  void delete_folders() {
    for (int n = 1 + roll(3); n > 0; --n) {
      std::string key;
      const std::string id = any_trial(key);
      if (id.empty()) break;
      fs::remove_all(study().trial(id).root);
      ++taken_[key];
      if (in_grid(key)) require(verify_names(id), "verify does not miss " + id);
    }
    roll(2) ? run_study() : run(current_);
  }

  void copy_folder() {
    std::string key;
    const std::string id = any_trial(key);
    if (id.empty()) return run(current_);
    const std::string copy = roll(2) ? id + " (copy)" : std::string("000000000000");
    fs::copy(study().trial(id).root, study().trial(copy).root, fs::copy_options::recursive);
    runner::refresh_study(study());
    require(verify_names(copy), "verify takes a copy for a trial");
    fs::remove_all(study().trial(copy).root);
    run(current_);
  }

  void rename_folder() {
    std::string key;
    const std::string id = any_trial(key);
    if (id.empty()) return run(current_);
    const fs::path other = study().trial("111111111111").root;
    fs::rename(study().trial(id).root, other);
    require(verify_names("111111111111"), "verify takes a renamed folder for a trial");
    if (roll(2)) {  // and back, as verify says
      fs::rename(other, study().trial(id).root);
      return run(current_);
    }
    ++taken_[key];
    run(current_);
    runner::prune_trials(study(), {"111111111111"});
  }

  void edit_config() {
    std::string key;
    const std::string id = any_trial(key);
    if (id.empty()) return run(current_);
    const fs::path file = study().trial(id).config();
    std::string text = read_file(file);
    const std::size_t at = text.find("  epochs: ");
    text.replace(at, text.find('\n', at) - at, "  epochs: 7");
    write_file(file, text);
    runner::refresh_study(study());
    require(verify_names(id), "verify does not see the edit of " + id);
    const bool own = in_grid(key);
    run(current_);
    if (own) {
      require(fs::exists(file.string() + ".edited"), "the edited file is not kept");
      fs::remove(file.string() + ".edited");
    } else {
      runner::prune_trials(study(), {id});
      ++taken_[key];
    }
  }

  void two_runners() {
    Grid other = current_;
    other.epochs = 1 + roll(3);
    other.seeds = 1 + roll(2);
    const std::string mine = write(current_), theirs = write(other, "other.yaml");
    for (const auto& g : {current_, other})
      for (const std::string& key : keys_of(g, now_)) rival_[key] += 0;
    const pid_t a = start(mine), b = start(theirs);
    const int one = wait_for(a), two = wait_for(b);
    require(one == 0 && two == 0, "one of two runners failed");
    files_ = now_;
    const StudyPlan plan = read_plan(study().plan().string());
    const bool ours = is_plan_of(plan, current_);
    require(ours || is_plan_of(plan, other), "the current grid is neither of the two");
    const auto done = finished(study());
    for (const Grid& g : {current_, other})  // each finished its own, or left it to the other
      for (const std::string& key : keys_of(g, files_))
        require(done.count(key), "two runners left out " + key);
    if (!ours) current_ = grid_ = other;
  }

  void kill_runner() {
    Grid next = current_;
    next.epochs = 1 + roll(3);
    next.p = roll(2) ? std::vector<int>{1, 2} : std::vector<int>{2};
    for (int n = 1 + roll(3); n > 0; --n) {
      const pid_t child = start(write(next));
      usleep(static_cast<useconds_t>(roll(60000)));
      kill(child, SIGKILL);
      wait_for(child);
      for (const auto& [key, ids] : finished(study())) require(ids.size() == 1, "twice: " + key);
      const StudyPlan plan = read_plan(study().plan().string());  // the old grid or the new one, whole
      runner::refresh_study(study());
      const Grid was = current_;
      const Files then = files_;
      if (is_plan_of(plan, next)) {
        current_ = next;
        files_ = now_;
      } else
        require(is_plan_of(plan, current_), "the current grid is neither the old one nor the new one");
      laws(false);
      current_ = was;
      files_ = then;
    }
    run(next);
    grid_ = next;
  }

  void prune() {
    std::vector<std::string> ids;
    std::map<std::string, std::string> key_of;
    for (const auto& [key, trials] : finished(study()))
      for (const std::string& id : trials) key_of[id] = key;
    for (const runner::Prunable& p : runner::prunable(study())) ids.push_back(p.trial.id);
    const runner::Pruned done = runner::prune_trials(study(), ids);
    require(done.trials.size() == ids.size(), "not all were moved");
    for (const std::string& id : ids) {
      require(fs::exists(done.archive / id / "config.yaml"), "the archive lacks " + id);
      if (key_of.count(id)) ++taken_[key_of[id]];
    }
    require(runner::prunable(study()).empty(), "something is left to move");
    run(current_);
  }

  void move_study() {
    const std::string before = place_;
    place_ = place_ == "studies/life" ? "elsewhere/renamed" : "studies/life";
    fs::create_directories(study().root.parent_path());
    if (roll(2)) {
      fs::rename(folder_.path / before, study().root);
    } else {
      fs::copy(folder_.path / before, study().root, fs::copy_options::recursive);
      fs::remove_all(folder_.path / before);
    }
    run_study();
  }

  TemporaryFolder folder_{quick_place()};
  std::mt19937_64 random_;
  bool told_;
  std::string place_ = "studies/life", name_;
  Grid grid_, current_;
  Files now_, files_;  // as they are; as they were when the study last ran
  int unread_ = 0, steps_ = 0;
  std::map<std::string, int> taken_, rival_;
};

}  // namespace

TEST_CASE("whatever happens to a study, no number is wrong and nothing is lost", "[.life]") {
  const char* many = std::getenv("TUBAL_LIVES");
  const char* one = std::getenv("TUBAL_LIFE");
  const char* from = std::getenv("TUBAL_FIRST_LIFE");
  const int first = one ? std::atoi(one) : from ? std::atoi(from) : 0;
  const int lives = one ? 1 : many ? std::atoi(many) : 4;
  const TemporaryFolder cache{quick_place()};
  setenv("TUBAL_CACHE", cache.path.c_str(), 1);
  const char* most = std::getenv("TUBAL_LIFE_SECONDS");
  const double end = most ? seconds_now() + std::atof(most) : std::numeric_limits<double>::infinity();
  int steps = 0;
  int sequences = 0;
  for (int k = first; k < first + lives && seconds_now() < end; ++k) {
    INFO("sequence " << k << ": TUBAL_LIFE=" << k << " shows its steps");
    Life life(20260305 + static_cast<std::uint64_t>(k), one != nullptr);
    for (int n = 0; n < 20; ++n) life.edit();
    steps += life.steps();
    ++sequences;
    if (many && sequences % 100 == 0)
      std::cout << sequences << " sequences, " << steps << " steps" << std::endl;
  }
  unsetenv("TUBAL_CACHE");
  std::cout << sequences << " of " << lives << " sequences of edits, " << steps
            << " steps, seeds from 20260305\n";
  CHECK(sequences > 0);
}
