/** What org.apache.avro:avro:1.12.0 (GenericDatumWriter with logical type conversions) wrote for the records of `java-avro.test.ts`. */
export const hex = [
  '12382d3132332d34353600020000000000000000000080d2c402feefb2528ebdf5eebe688ec8e4c592abb006000000000600ff00000000000000000000000000010002066b65790000',
  '12382d3132332d3435360102ffffffffffffffffffff80f3e4570001010216c3b1616e64c3ba20e282ac02040601ff00cdcccc3d9a9999999999b93f00020c6974656d2030000000',
  '12382d3132332d34353602027fffffffffffffffffff7fd2c402feefb2528ebdf5eebe688ec8e4c592abb0060216c3b1616e64c3ba20e282ac009f1f000602ff00cdcc4c3e9a9999999999c93f01040c6974656d2030000c6974656d2031020002066b65790400',
  '12382d3132332d3435367f04008000000000000000000000f3e4570001010000ef2e040603ff009a99993e343333333333d33f000000',
  '12382d3132332d34353680010280ffffffffffffffffffffd2c402feefb2528ebdf5eebe688ec8e4c592abb0060216c3b1616e64c3ba20e282ac02000604ff00cdcccc3e9a9999999999d93f01020c6974656d2030000002066b65790800',
  '12382d3132332d343536feffffff0f04ff7f0000000000000000007ff3e4570001010216c3b1616e64c3ba20e282ac008f4e040605ff000000003f000000000000e03f00040c6974656d2030000c6974656d2031020000',
  '12382d3132332d343536ffffffff0f1242ed123b0bd8203a1400000000000000000080d2c402feefb2528ebdf5eebe688ec8e4c592abb0060000df5d000606ff009a99193f343333333333e33f010002066b65790c00',
  '12382d3132332d343536feffffffffffff1f14fde1e61f36454dc00001ffffffffffffffffff80f3e4570001010216c3b1616e64c3ba20e282ac02040607ff003333333f676666666666e63f00020c6974656d2030000000',
  '12382d3132332d343536fdffffffffffff1f0200ffffffffffffffffff7fd2c402feefb2528ebdf5eebe688ec8e4c592abb0060216c3b1616e64c3ba20e282ac00ff7c000608ff00cdcc4c3f9a9999999999e93f01040c6974656d2030000c6974656d2031020002066b65791000',
  '12382d3132332d343536808080808080802002ff00000000000000000000f3e4570001010000cf8c01040609ff006766663fcdccccccccccec3f000000',
  '12382d3132332d343536feffffffffffffffff01027fffffffffffffffffffffd2c402feefb2528ebdf5eebe688ec8e4c592abb0060216c3b1616e64c3ba20e282ac0200060aff000000803f000000000000f03f01020c6974656d2030000002066b65791400',
  '12382d3132332d343536ffffffffffffffffff010400800000000000000000007ff3e4570001010216c3b1616e64c3ba20e282ac00efab0104060bff00cdcc8c3f9a9999999999f13f00040c6974656d2030000c6974656d2031020000',
]

export const schema = {
  type: 'record',
  name: 'VectorTaken',
  namespace: 'zz.test.v1',
  fields: [
    {
      name: 'child',
      type: 'string',
      identifies: 'person',
      scheme: 'pa-cedula',
      role: 'key',
      classification: 'personal',
    },
    { name: 'long', type: 'long', classification: 'public' },
    {
      name: 'decimal',
      type: { type: 'bytes', logicalType: 'decimal', precision: 22, scale: 2 },
      classification: 'public',
    },
    {
      name: 'fixedDecimal',
      type: { type: 'fixed', name: 'Amount', size: 10, logicalType: 'decimal', precision: 22, scale: 2 },
      classification: 'public',
    },
    { name: 'date', type: { type: 'int', logicalType: 'date' }, classification: 'public' },
    { name: 'time', type: { type: 'int', logicalType: 'time-millis' }, classification: 'public' },
    { name: 'millis', type: { type: 'long', logicalType: 'timestamp-millis' }, classification: 'public' },
    { name: 'micros', type: { type: 'long', logicalType: 'timestamp-micros' }, classification: 'public' },
    { name: 'union', type: ['null', 'string'], default: null, classification: 'public' },
    { name: 'unionLast', type: ['int', 'null'], classification: 'public' },
    {
      name: 'enum',
      type: { type: 'enum', name: 'Number', symbols: ['one', 'two', 'three'] },
      classification: 'public',
    },
    { name: 'bytes', type: 'bytes', classification: 'public' },
    { name: 'float', type: 'float', classification: 'public' },
    { name: 'double', type: 'double', classification: 'public' },
    { name: 'boolean', type: 'boolean', classification: 'public' },
    {
      name: 'list',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Item',
          fields: [
            { name: 'text', type: 'string' },
            { name: 'count', type: 'int' },
          ],
        },
      },
      classification: 'public',
    },
    { name: 'map', type: { type: 'map', values: 'long' }, classification: 'public' },
  ],
}
