#pragma once

namespace tubal {

/// The row r of Sylvester's matrix (-1)^popcount(r & l) that changes sign k times, p = 2^bits.
unsigned sylvester_row(unsigned k, int bits);

}  // namespace tubal
