// Times for people and for measuring: core/clock.hpp.
#pragma once
#include "core/clock.hpp"
