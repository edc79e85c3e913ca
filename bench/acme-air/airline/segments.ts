/**
 * Where the airline flies: a mileage matrix of 28 origins by 14 destinations. The miles are great-circle distances
 * between real airports; there is no segment from an airport to itself, nor beyond the range of a 747.
 *
 *            AMS   ATL   CDG   DXB  ...
 *     AMS     NA   4397   249  3211      each entry is a segment: AA0, AA1, AA2, ... row by row
 *     ATL   4397     NA  4396  7581
 */
import type { Segment } from './AirlineServices.ts';

type Place = readonly [code: string, latitude: number, longitude: number];

/** The first 14 are destinations as well. Degrees, north and east. */
const AIRPORTS: readonly Place[] = [
  ['AMS', 52.31, 4.76],
  ['ATL', 33.64, -84.43],
  ['CDG', 49.01, 2.55],
  ['DXB', 25.25, 55.36],
  ['FRA', 50.03, 8.57],
  ['GRU', -23.43, -46.47],
  ['HND', 35.55, 139.78],
  ['JFK', 40.64, -73.78],
  ['JNB', -26.14, 28.25],
  ['LAX', 33.94, -118.41],
  ['LHR', 51.47, -0.45],
  ['ORD', 41.98, -87.9],
  ['SIN', 1.36, 103.99],
  ['SYD', -33.95, 151.18],
  ['ARN', 59.65, 17.92],
  ['BCN', 41.3, 2.08],
  ['BKK', 13.69, 100.75],
  ['BOS', 42.36, -71.01],
  ['CAI', 30.12, 31.41],
  ['DEL', 28.56, 77.1],
  ['DFW', 32.9, -97.04],
  ['DUB', 53.42, -6.27],
  ['FCO', 41.8, 12.25],
  ['HAM', 53.63, 9.99],
  ['ICN', 37.46, 126.44],
  ['IST', 41.26, 28.74],
  ['MEX', 19.44, -99.07],
  ['YYZ', 43.68, -79.63],
];
const DESTINATION_COUNT = 14;
const RANGE_MILES = 8_300;
const EARTH_RADIUS_MILES = 3_958.8;

export const ORIGINS: readonly string[] = AIRPORTS.map(([code]) => code);
export const DESTINATIONS: readonly string[] = ORIGINS.slice(0, DESTINATION_COUNT);

/** Every segment, in the order of its number. */
export const SEGMENTS: readonly Segment[] = segments();

function segments(): Segment[] {
  const found: Segment[] = [];
  for (const origin of AIRPORTS) {
    for (const destination of AIRPORTS.slice(0, DESTINATION_COUNT)) {
      const miles = greatCircleMiles(origin, destination);
      if (miles === 0 || miles > RANGE_MILES) continue;
      found.push({ id: `AA${found.length}`, origin: origin[0], destination: destination[0], miles });
    }
  }
  return found;
}

function greatCircleMiles([, latitudeA, longitudeA]: Place, [, latitudeB, longitudeB]: Place): number {
  const a = radians(latitudeA);
  const b = radians(latitudeB);
  const haversine =
    Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(longitudeB - longitudeA) / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_MILES * Math.asin(Math.sqrt(haversine)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
