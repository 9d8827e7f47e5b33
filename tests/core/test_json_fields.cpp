// Structures as JSON objects and back.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/json_fields.hpp"

using namespace tubal;
using json::Json;

namespace {

struct Point {
  int whole = 0;
  double real = 0;
  std::vector<double> list;
  std::map<std::string, std::vector<double>> named;
  std::string text;
  Cause cause = Cause::none;
  bool flag = false;
};
constexpr auto fields = [](auto& p, auto visit) {
  visit("whole", p.whole);
  visit("real", p.real);
  visit("list", p.list);
  visit("named", p.named);
  visit("text", p.text);
  visit("cause", p.cause);
  visit("flag", p.flag);
};

}  // namespace

TEST_CASE("what is written reads back to the bit, NaN as null") {
  const Point p{-3, 0.1 + 0.2, {1e-300, NAN, -0.0}, {{"a", {NAN}}, {"b", {}}}, "é\n", Cause::killed, true};
  Json made;
  json::write_fields(made, p, fields);
  CHECK(made.begin().key() == "whole");  // in the table's order
  CHECK(made["list"].dump() == "[1e-300,null,-0.0]");
  Point q;
  q.list = {7, 7, 7, 7};  // what was there is replaced
  json::read_fields(Json::parse(made.dump()), q, fields, json::no_field);
  CHECK(q.whole == p.whole);
  CHECK(q.real == p.real);
  REQUIRE(q.list.size() == 3);
  CHECK(std::isnan(q.list[1]));
  CHECK(std::signbit(q.list[2]));
  CHECK((std::isnan(q.named.at("a").at(0)) && q.named.at("b").empty()));
  CHECK((q.text == p.text && q.cause == p.cause && q.flag));
}

TEST_CASE("a field may be missing only where the file may lack it") {
  Point p;
  CHECK_THROWS_AS(json::read_fields(Json::object(), p, fields, json::no_field), Json::exception);
  p.whole = 5;
  json::read_fields(Json{{"real", 2}}, p, fields, json::any_field);
  CHECK((p.whole == 5 && p.real == 2));
  CHECK_THROWS_AS(json::read_fields(Json{{"whole", "x"}}, p, fields, json::any_field), Json::exception);
  json::read_fields(Json{{"cause", "weather"}}, p, fields, json::any_field);  // of a later version
  CHECK(p.cause == Cause::other);
  CHECK_THROWS_AS(json::read_fields(Json(3), p, fields, json::no_field), Json::exception);
}
