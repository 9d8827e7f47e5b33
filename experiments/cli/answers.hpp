// What `tubal predict` says of lines of text: the same numbers, to the digit, as a table, CSV or JSON.
#pragma once
#include <iosfwd>
#include <span>
#include <string>

#include "experiments/inference/classifier.hpp"
#include "experiments/inference/language_model.hpp"

namespace tubal::cli {

enum class Form { table, csv, json };

/// Of the lines so far.
struct AnswerCounts {
  long lines = 0, cut = 0, unknown = 0, shortened = 0;
};

/// Column names, where the form is CSV.
void head(const Classifier& model, Form form, std::ostream& out);
void head(const LanguageModel& model, Form form, std::ostream& out);
/// One line for each text.
void answer(Classifier& model, std::span<const std::string> texts, Form form, AnswerCounts& counts,
            std::ostream& out);
void answer(LanguageModel& model, std::span<const std::string> texts, Form form, AnswerCounts& counts,
            std::ostream& out);

}  // namespace tubal::cli
