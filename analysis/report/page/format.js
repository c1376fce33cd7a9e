// How numbers read: the same as number.cpp writes them. A unit is its place in the enum Unit.
const NONE = 0,
  COUNT = 1,
  TIME = 2,
  BYTES = 3,
  RATE = 4,
  PERCENT = 5,
  RATIO = 6,
  DATE = 7;
const TIMES = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
  [1, 'ns'],
];
const RATES = [
  [1e3, 'TB/s'],
  [1, 'GB/s'],
  [1e-3, 'MB/s'],
  [1e-6, 'kB/s'],
];
const SIZES = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
  [1, 'B'],
];

const general = (value, digits) => String(Number(value.toPrecision(digits)));
const threeDigits = value => (Math.abs(value) >= 999.5 ? value.toFixed(0) : general(value, 3));
const signed = (value, text) => (value < 0 ? '' : '+') + text;

function scaled(value, scales) {
  const [size, name] = scales.find(scale => Math.abs(value) >= 0.9995 * scale[0]) || scales.at(-1);
  return `${threeDigits(value / size)} ${name}`;
}

function bytesText(value) {
  for (const [size, name] of SIZES) {
    const shown = value / size;
    if (Math.abs(shown) >= 1 && Number.isInteger(shown * 100)) return `${shown} ${name}`;
  }
  return `${Number.isInteger(value) ? value : general(value, 4)} B`;
}

function dateText(seconds) {
  if (!(seconds >= 0 && seconds <= 9.2e9)) return '-';
  const text = new Date(Math.trunc(seconds) * 1000).toISOString();
  return seconds % 86400 ? `${text.slice(0, 10)} ${text.slice(11, 16)}` : text.slice(0, 10);
}

function formatNumber(value, unit) {
  if (value === null || !Number.isFinite(value)) return '-';
  switch (unit) {
    case COUNT:
      return Number.isInteger(value) ? String(value) : general(value, 4);
    case TIME:
      return scaled(value, TIMES);
    case BYTES:
      return bytesText(value);
    case RATE:
      return scaled(value, RATES);
    case PERCENT:
      return signed(value, `${general(value, 3)}%`);
    case RATIO:
      return general(value, 3);
    case DATE:
      return dateText(value);
    default:
      return general(value, 4);
  }
}
