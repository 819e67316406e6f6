// A learned schedule as a blob: one record "table", f32, outputs x features (schedule.hpp), read in place.
#pragma once
#include "blob.hpp"
#include "schedule.hpp"

namespace orthant {

ScheduleTable schedule_read(const Blob &blob);            // null: not a schedule, another form, or numbers out of range
size_t schedule_write(const float *table, void *out);     // the bytes; null out: only measures

}  // namespace orthant
