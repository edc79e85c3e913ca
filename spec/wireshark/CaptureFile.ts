const ETHERNET = 1;
const FIN = 0x01;
const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;
/** 14 bytes of Ethernet, 20 of IPv4, 20 of TCP. */
const HEADERS_LENGTH = 54;
const MAX_SEGMENT_LENGTH = 1460;
const MS_BETWEEN_PACKETS = 1;
const FIRST_PACKET_SECONDS = 1_700_000_000;
const FIRST_CLIENT_PORT = 50_000;

/** A pcap file of made-up TCP connections from 10.0.0.1 to 10.0.0.2: what a capture would have of them, no gaps. */
export class CaptureFile {
  readonly #packets: Buffer[] = [];
  #connections = 0;
  #elapsedMs = 0;

  /** Adds the handshake of a connection to this port; every connection comes from a port of its own. */
  connect(serverPort: number): CapturedConnection {
    return new CapturedConnection(this, FIRST_CLIENT_PORT + this.#connections++, serverPort);
  }

  /** Adds a packet, and gives back its number: the first one's is 1. */
  add(packet: Buffer, capturedLength: number = packet.length): number {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(FIRST_PACKET_SECONDS + Math.floor(this.#elapsedMs / 1000), 0);
    header.writeUInt32LE((this.#elapsedMs % 1000) * 1000, 4);
    header.writeUInt32LE(capturedLength, 8);
    header.writeUInt32LE(packet.length, 12);
    this.#packets.push(Buffer.concat([header, packet.subarray(0, capturedLength)]));
    this.#elapsedMs += MS_BETWEEN_PACKETS;
    return this.#packets.length;
  }

  get packetCount(): number {
    return this.#packets.length;
  }

  /** Lets time pass before the next packet. */
  wait(milliseconds: number): void {
    this.#elapsedMs += milliseconds;
  }

  toBytes(): Uint8Array {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(0x40000, 16);
    header.writeUInt32LE(ETHERNET, 20);
    return Buffer.concat([header, ...this.#packets]);
  }
}

interface End {
  readonly address: number;
  readonly port: number;
  sequence: number;
}

/** One TCP connection of a `CaptureFile`. */
export class CapturedConnection {
  readonly #file: CaptureFile;
  readonly #client: End;
  readonly #server: End;

  constructor(file: CaptureFile, clientPort: number, serverPort: number) {
    this.#file = file;
    this.#client = { address: 0x0a000001, port: clientPort, sequence: 1000 };
    this.#server = { address: 0x0a000002, port: serverPort, sequence: 0xffffff00 };
    this.#segment(this.#client, this.#server, SYN, EMPTY);
    this.#segment(this.#server, this.#client, SYN | ACK, EMPTY);
    this.#segment(this.#client, this.#server, ACK, EMPTY);
  }

  /** Adds segments with these bytes, as few as they fit in; gives back the number of the last packet. */
  fromClient(bytes: Uint8Array): number {
    return this.#send(this.#client, this.#server, bytes);
  }

  /** As `fromClient`, the other way. */
  fromServer(bytes: Uint8Array): number {
    return this.#send(this.#server, this.#client, bytes);
  }

  /** Adds one segment of which the capture holds only the first `capturedBytes`. */
  fromClientCutShort(bytes: Uint8Array, capturedBytes: number): number {
    return this.#segment(this.#client, this.#server, PSH | ACK, bytes, HEADERS_LENGTH + capturedBytes);
  }

  end(): void {
    this.#segment(this.#client, this.#server, FIN | ACK, EMPTY);
    this.#segment(this.#server, this.#client, FIN | ACK, EMPTY);
    this.#segment(this.#client, this.#server, ACK, EMPTY);
  }

  #send(from: End, to: End, bytes: Uint8Array): number {
    let number = 0;
    for (let at = 0; at < bytes.length; at += MAX_SEGMENT_LENGTH)
      number = this.#segment(from, to, PSH | ACK, bytes.subarray(at, at + MAX_SEGMENT_LENGTH));
    return number;
  }

  #segment(from: End, to: End, flags: number, bytes: Uint8Array, capturedLength?: number): number {
    const packet = Buffer.alloc(HEADERS_LENGTH + bytes.length);
    writeEthernet(packet, from, to);
    writeIp(packet.subarray(14), from, to);
    writeTcp(packet.subarray(34), from, to, flags, bytes);
    const consumed = bytes.length + (flags & (SYN | FIN) ? 1 : 0);
    from.sequence = (from.sequence + consumed) >>> 0;
    return this.#file.add(packet, capturedLength);
  }
}

const EMPTY = new Uint8Array(0);

function writeEthernet(packet: Buffer, from: End, to: End): void {
  packet.writeUInt16BE(0x0200, 0);
  packet.writeUInt32BE(to.address, 2);
  packet.writeUInt16BE(0x0200, 6);
  packet.writeUInt32BE(from.address, 8);
  packet.writeUInt16BE(0x0800, 12);
}

function writeIp(packet: Buffer, from: End, to: End): void {
  packet.writeUInt16BE(0x4500, 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(0x4000, 6);
  packet.writeUInt16BE(0x4006, 8);
  packet.writeUInt32BE(from.address, 12);
  packet.writeUInt32BE(to.address, 16);
  packet.writeUInt16BE(checksum(packet.subarray(0, 20), 0), 10);
}

function writeTcp(segment: Buffer, from: End, to: End, flags: number, bytes: Uint8Array): void {
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  segment.writeUInt32BE(from.sequence, 4);
  segment.writeUInt32BE(flags & ACK ? to.sequence : 0, 8);
  segment.writeUInt16BE(0x5000 | flags, 12);
  segment.writeUInt16BE(0xffff, 14);
  segment.set(bytes, 20);
  const pseudoHeader = sum16(from.address) + sum16(to.address) + 6 + segment.length;
  segment.writeUInt16BE(checksum(segment, pseudoHeader), 16);
}

function sum16(address: number): number {
  return (address >>> 16) + (address & 0xffff);
}

/** The Internet checksum (RFC 1071) of these bytes, on top of a sum begun elsewhere. */
function checksum(bytes: Buffer, start: number): number {
  let sum = start;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  if (bytes.length % 2 === 1) sum += bytes.readUInt8(bytes.length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
