#include "schedule_blob.hpp"

namespace orthant {

ScheduleTable schedule_read(const Blob &blob) {
  Record r;
  if (blob.kind() != ModelKind::schedule || blob.records() != 1 || !blob.find("table", &r) || r.type != Element::f32 ||
      !r.is(1, uint32_t(schedule_numbers)))
    return nullptr;
  ScheduleTable table(reinterpret_cast<const float *>(r.data));
  table.of_file = true;
  return schedule_valid(table) ? table : nullptr;
}

size_t schedule_write(const float *table, void *out) {
  BlobWriter writer(ModelKind::schedule, 1, out);
  writer.add({"table", Element::f32, 1, {uint32_t(schedule_numbers), 0, 0, 0}});
  writer.store(0, size_t(schedule_numbers), table);
  return writer.finish();
}

}  // namespace orthant
