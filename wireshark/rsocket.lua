-- Wireshark dissector for RSocket 1.0 over TCP, TLS and WebSocket. How to load it and what to filter by: README.md.
--
-- A frame, as it stands in a WebSocket message; over TCP a length of 24 bits goes before it.
--
--    0                   1                   2                   3
--    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
--   +-+-------------------------------------------------------------+
--   |0|                          Stream ID                          |
--   +-----------+-+-+---------------+-------------------------------+
--   |   Type    |I|M|     Flags     |  fields of the type ...
--   +-----------+-+-+---------------+-------------------------------+
--   |      [Metadata length: 24]                    | [Metadata] ...
--   +-----------------------------------------------+---------------+
--   |  Data ...
--   +---------------------------------------------------------------+

local rsocket = Proto("rsocket", "RSocket")
-- Only a second way in, for messages that have no length before them: its tree is that of `rsocket`.
local overWebSocket = Proto("rsocket_ws", "RSocket over WebSocket")

local PREFIX_SIZE = 3
local HEADER_SIZE = 6
-- What is longer is shown as bytes and not searched for text, in bytes.
local TEXT_LIMIT = 65536

local SETUP, LEASE, KEEPALIVE, METADATA_PUSH, RESUME, RESUME_OK, EXT = 1, 2, 3, 12, 13, 14, 63
local REQUEST_RESPONSE, REQUEST_FNF, REQUEST_STREAM, REQUEST_CHANNEL = 4, 5, 6, 7
local REQUEST_N, CANCEL, PAYLOAD, ERROR = 8, 9, 10, 11

local TYPES = {
  [0] = "RESERVED",
  [SETUP] = "SETUP",
  [LEASE] = "LEASE",
  [KEEPALIVE] = "KEEPALIVE",
  [REQUEST_RESPONSE] = "REQUEST_RESPONSE",
  [REQUEST_FNF] = "REQUEST_FNF",
  [REQUEST_STREAM] = "REQUEST_STREAM",
  [REQUEST_CHANNEL] = "REQUEST_CHANNEL",
  [REQUEST_N] = "REQUEST_N",
  [CANCEL] = "CANCEL",
  [PAYLOAD] = "PAYLOAD",
  [ERROR] = "ERROR",
  [METADATA_PUSH] = "METADATA_PUSH",
  [RESUME] = "RESUME",
  [RESUME_OK] = "RESUME_OK",
  [EXT] = "EXT",
}

local IS_REQUEST = {
  [REQUEST_RESPONSE] = true, [REQUEST_FNF] = true, [REQUEST_STREAM] = true, [REQUEST_CHANNEL] = true,
}
local IS_OF_CONNECTION = {
  [SETUP] = true, [LEASE] = true, [KEEPALIVE] = true, [METADATA_PUSH] = true, [RESUME] = true, [RESUME_OK] = true,
}
local IS_OF_STREAM = {
  [REQUEST_RESPONSE] = true, [REQUEST_FNF] = true, [REQUEST_STREAM] = true, [REQUEST_CHANNEL] = true,
  [REQUEST_N] = true, [CANCEL] = true, [PAYLOAD] = true,
}

local ERROR_CODES = {
  [0x00000000] = "RESERVED",
  [0x00000001] = "INVALID_SETUP",
  [0x00000002] = "UNSUPPORTED_SETUP",
  [0x00000003] = "REJECTED_SETUP",
  [0x00000004] = "REJECTED_RESUME",
  [0x00000101] = "CONNECTION_ERROR",
  [0x00000102] = "CONNECTION_CLOSE",
  [0x00000201] = "APPLICATION_ERROR",
  [0x00000202] = "REJECTED",
  [0x00000203] = "CANCELED",
  [0x00000204] = "INVALID",
  [0xffffffff] = "RESERVED_FOR_EXTENSION",
}

local COMPOSITE = "message/x.rsocket.composite-metadata.v0"
local ROUTING = "message/x.rsocket.routing.v0"
local AUTHENTICATION = "message/x.rsocket.authentication.v0"
local TRACING = "message/x.rsocket.tracing-zipkin.v0"
local DATA_MIME_TYPE = "message/x.rsocket.mime-type.v0"
local ACCEPT_MIME_TYPES = "message/x.rsocket.accept-mime-types.v0"

local MIME_TYPES = {
  [0x00] = "application/avro",
  [0x01] = "application/cbor",
  [0x02] = "application/graphql",
  [0x03] = "application/gzip",
  [0x04] = "application/javascript",
  [0x05] = "application/json",
  [0x06] = "application/octet-stream",
  [0x07] = "application/pdf",
  [0x08] = "application/vnd.apache.thrift.binary",
  [0x09] = "application/vnd.google.protobuf",
  [0x0a] = "application/xml",
  [0x0b] = "application/zip",
  [0x0c] = "audio/aac",
  [0x0d] = "audio/mp3",
  [0x0e] = "audio/mp4",
  [0x0f] = "audio/mpeg3",
  [0x10] = "audio/mpeg",
  [0x11] = "audio/ogg",
  [0x12] = "audio/opus",
  [0x13] = "audio/vorbis",
  [0x14] = "image/bmp",
  [0x15] = "image/gif",
  [0x16] = "image/heic-sequence",
  [0x17] = "image/heic",
  [0x18] = "image/heif-sequence",
  [0x19] = "image/heif",
  [0x1a] = "image/jpeg",
  [0x1b] = "image/png",
  [0x1c] = "image/tiff",
  [0x1d] = "multipart/mixed",
  [0x1e] = "text/css",
  [0x1f] = "text/csv",
  [0x20] = "text/html",
  [0x21] = "text/plain",
  [0x22] = "text/xml",
  [0x23] = "video/H264",
  [0x24] = "video/H265",
  [0x25] = "video/VP8",
  [0x26] = "application/x-hessian",
  [0x27] = "application/x-java-object",
  [0x28] = "application/cloudevents+json",
  [0x29] = "application/x-capnp",
  [0x2a] = "application/x-flatbuffers",
  [0x7a] = DATA_MIME_TYPE,
  [0x7b] = ACCEPT_MIME_TYPES,
  [0x7c] = AUTHENTICATION,
  [0x7d] = TRACING,
  [0x7e] = ROUTING,
  [0x7f] = COMPOSITE,
}

local AUTH_TYPES = { [0] = "simple", [1] = "bearer" }

local f = {
  frameLength = ProtoField.uint24("rsocket.frame_length", "Frame length", base.DEC),
  streamId = ProtoField.uint32("rsocket.stream_id", "Stream ID", base.DEC, nil, 0x7fffffff),
  type = ProtoField.uint16("rsocket.type", "Type", base.HEX, TYPES, 0xfc00),
  flags = ProtoField.uint16("rsocket.flags", "Flags", base.HEX, nil, 0x03ff),
  ignore = ProtoField.bool("rsocket.flags.ignore", "Ignore if not understood (I)", 16, nil, 0x0200),
  metadataPresent = ProtoField.bool("rsocket.flags.metadata", "Metadata (M)", 16, nil, 0x0100),
  follows = ProtoField.bool("rsocket.flags.follows", "Follows (F)", 16, nil, 0x0080),
  resume = ProtoField.bool("rsocket.flags.resume", "Resume (R)", 16, nil, 0x0080),
  respond = ProtoField.bool("rsocket.flags.respond", "Respond (R)", 16, nil, 0x0080),
  complete = ProtoField.bool("rsocket.flags.complete", "Complete (C)", 16, nil, 0x0040),
  lease = ProtoField.bool("rsocket.flags.lease", "Lease (L)", 16, nil, 0x0040),
  next = ProtoField.bool("rsocket.flags.next", "Next (N)", 16, nil, 0x0020),

  setupMajor = ProtoField.uint16("rsocket.setup.major_version", "Major version", base.DEC),
  setupMinor = ProtoField.uint16("rsocket.setup.minor_version", "Minor version", base.DEC),
  keepaliveInterval =
    ProtoField.uint32("rsocket.setup.keepalive_interval", "Keepalive interval (ms)", base.DEC, nil, 0x7fffffff),
  maxLifetime = ProtoField.uint32("rsocket.setup.max_lifetime", "Max lifetime (ms)", base.DEC, nil, 0x7fffffff),
  setupTokenLength = ProtoField.uint16("rsocket.setup.resume_token_length", "Resume token length", base.DEC),
  setupToken = ProtoField.bytes("rsocket.setup.resume_token", "Resume token"),
  metadataMimeLength = ProtoField.uint8("rsocket.setup.metadata_mime_length", "Metadata MIME type length", base.DEC),
  metadataMime = ProtoField.string("rsocket.setup.metadata_mime", "Metadata MIME type"),
  dataMimeLength = ProtoField.uint8("rsocket.setup.data_mime_length", "Data MIME type length", base.DEC),
  dataMime = ProtoField.string("rsocket.setup.data_mime", "Data MIME type"),

  leaseTtl = ProtoField.uint32("rsocket.lease.ttl", "Time to live (ms)", base.DEC, nil, 0x7fffffff),
  leaseRequests = ProtoField.uint32("rsocket.lease.requests", "Number of requests", base.DEC, nil, 0x7fffffff),
  keepalivePosition = ProtoField.uint64("rsocket.keepalive.position", "Last received position", base.DEC),
  requestN = ProtoField.uint32("rsocket.request_n", "Request N", base.DEC, nil, 0x7fffffff),
  errorCode = ProtoField.uint32("rsocket.error.code", "Error code", base.HEX, ERROR_CODES),

  resumeMajor = ProtoField.uint16("rsocket.resume.major_version", "Major version", base.DEC),
  resumeMinor = ProtoField.uint16("rsocket.resume.minor_version", "Minor version", base.DEC),
  resumeTokenLength = ProtoField.uint16("rsocket.resume.token_length", "Resume token length", base.DEC),
  resumeToken = ProtoField.bytes("rsocket.resume.token", "Resume token"),
  lastServerPosition =
    ProtoField.uint64("rsocket.resume.last_received_server_position", "Last received server position", base.DEC),
  firstClientPosition =
    ProtoField.uint64("rsocket.resume.first_available_client_position", "First available client position", base.DEC),
  lastClientPosition =
    ProtoField.uint64("rsocket.resume.last_received_client_position", "Last received client position", base.DEC),

  extType = ProtoField.uint32("rsocket.ext.type", "Extended type", base.HEX, nil, 0x7fffffff),
  extData = ProtoField.bytes("rsocket.ext.data", "Extended data"),

  metadataLength = ProtoField.uint24("rsocket.metadata_length", "Metadata length", base.DEC),
  metadata = ProtoField.bytes("rsocket.metadata", "Metadata"),
  metadataText = ProtoField.string("rsocket.metadata.text", "Metadata as text"),
  dataLength = ProtoField.uint32("rsocket.data_length", "Data length", base.DEC),
  data = ProtoField.bytes("rsocket.data", "Data"),
  dataText = ProtoField.string("rsocket.data.text", "Data as text"),
  trailing = ProtoField.bytes("rsocket.trailing", "Bytes behind the frame's last field"),

  entry = ProtoField.bytes("rsocket.composite.entry", "Entry"),
  entryMimeId = ProtoField.uint8("rsocket.composite.mime_id", "MIME type ID", base.HEX, MIME_TYPES, 0x7f),
  entryMime = ProtoField.string("rsocket.composite.mime", "MIME type"),
  entryLength = ProtoField.uint24("rsocket.composite.length", "Entry length", base.DEC),
  entryText = ProtoField.string("rsocket.composite.text", "Entry as text"),
  route = ProtoField.string("rsocket.route", "Route"),
  tag = ProtoField.string("rsocket.routing.tag", "Tag"),
  authTypeId = ProtoField.uint8("rsocket.auth.type_id", "Authentication type ID", base.HEX, AUTH_TYPES, 0x7f),
  authType = ProtoField.string("rsocket.auth.type", "Authentication type"),
  authUsername = ProtoField.string("rsocket.auth.username", "Username"),
  authPassword = ProtoField.string("rsocket.auth.password", "Password"),
  authToken = ProtoField.string("rsocket.auth.token", "Token"),
  authPayload = ProtoField.bytes("rsocket.auth.payload", "Authentication payload"),
  listedMime = ProtoField.string("rsocket.mime", "MIME type"),
  traceFlags = ProtoField.uint8("rsocket.tracing.flags", "Tracing flags", base.HEX),
  traceIds = ProtoField.bool("rsocket.tracing.flags.ids", "IDs set (I)", 8, nil, 0x80),
  traceDebug = ProtoField.bool("rsocket.tracing.flags.debug", "Debug (D)", 8, nil, 0x40),
  traceSampled = ProtoField.bool("rsocket.tracing.flags.sampled", "Sampled (S)", 8, nil, 0x20),
  traceNotSampled = ProtoField.bool("rsocket.tracing.flags.not_sampled", "Not sampled (N)", 8, nil, 0x10),
  traceWide = ProtoField.bool("rsocket.tracing.flags.wide", "Trace ID of 128 bits (T)", 8, nil, 0x08),
  traceParent = ProtoField.bool("rsocket.tracing.flags.parent", "Parent span (P)", 8, nil, 0x04),
  traceId = ProtoField.bytes("rsocket.tracing.trace_id", "Trace ID"),
  spanId = ProtoField.bytes("rsocket.tracing.span_id", "Span ID"),
  parentId = ProtoField.bytes("rsocket.tracing.parent_id", "Parent span ID"),

  requestIn = ProtoField.framenum("rsocket.request_in", "Request in", base.NONE, frametype.REQUEST),
  responseIn = ProtoField.framenum("rsocket.response_in", "First response in", base.NONE, frametype.RESPONSE),
  time = ProtoField.relative_time("rsocket.time", "Time since the request"),
  continuation = ProtoField.bool("rsocket.continuation", "Continues a fragmented payload"),
}
rsocket.fields = f

local e = {
  truncated =
    ProtoExpert.new("rsocket.truncated", "Frame ends within a field", expert.group.MALFORMED, expert.severity.ERROR),
  cut = ProtoExpert.new("rsocket.cut", "Not captured as a whole", expert.group.UNDECODED, expert.severity.NOTE),
  badLength = ProtoExpert.new(
    "rsocket.bad_metadata_length", "Metadata length beyond the frame", expert.group.MALFORMED, expert.severity.ERROR),
  unknownType =
    ProtoExpert.new("rsocket.unknown_type", "Unknown frame type", expert.group.UNDECODED, expert.severity.WARN),
  wrongStream =
    ProtoExpert.new("rsocket.wrong_stream", "Frame on the wrong stream", expert.group.PROTOCOL, expert.severity.WARN),
  zero = ProtoExpert.new("rsocket.zero", "Zero, must be positive", expert.group.PROTOCOL, expert.severity.WARN),
  reserved = ProtoExpert.new("rsocket.reserved", "Reserved bit set", expert.group.PROTOCOL, expert.severity.NOTE),
  emptyPayload = ProtoExpert.new(
    "rsocket.neither_next_nor_complete", "PAYLOAD that is neither next nor complete",
    expert.group.PROTOCOL, expert.severity.WARN),
  tooLong =
    ProtoExpert.new("rsocket.too_long", "Bytes behind the last field", expert.group.PROTOCOL, expert.severity.NOTE),
  badMetadata = ProtoExpert.new(
    "rsocket.bad_metadata", "Metadata is not what its MIME type says", expert.group.MALFORMED, expert.severity.WARN),
  error = ProtoExpert.new("rsocket.error", "Error", expert.group.RESPONSE_CODE, expert.severity.NOTE),
}
rsocket.experts = e

-- The type's flags, from 0x80 down, each with the word that the Info column shows.
local FLAGS = {
  [SETUP] = { { f.resume, 0x80, "resume" }, { f.lease, 0x40, "lease" } },
  [KEEPALIVE] = { { f.respond, 0x80, "respond" } },
  [REQUEST_RESPONSE] = { { f.follows, 0x80, "follows" } },
  [REQUEST_FNF] = { { f.follows, 0x80, "follows" } },
  [REQUEST_STREAM] = { { f.follows, 0x80, "follows" } },
  [REQUEST_CHANNEL] = { { f.follows, 0x80, "follows" }, { f.complete, 0x40, "complete" } },
  [PAYLOAD] = { { f.follows, 0x80, "follows" }, { f.complete, 0x40, "complete" }, { f.next, 0x20, "next" } },
}

-- Whether a flag, a power of two, is set. Spares a library of bit operations, whose name changes with Lua's version.
local function has(flags, flag)
  return flags % (2 * flag) >= flag
end

-------------------------------------------------------------------------------------------------------------------
-- What is known of connections: by their two ends, in order of the packet with which each began.

local connections = {}
-- Connections by the resume token of their SETUP.
local byToken = {}
-- What the first pass found out about a frame, by packet, place, stream and type.
local facts = {}

function rsocket.init()
  connections, byToken, facts = {}, {}, {}
end

local function senderOf(pinfo)
  return tostring(pinfo.src) .. ":" .. pinfo.src_port
end

local function endsOf(pinfo)
  local from, to = senderOf(pinfo), tostring(pinfo.dst) .. ":" .. pinfo.dst_port
  return from < to and from .. "-" .. to or to .. "-" .. from
end

-- The connection that began last before this packet, or nil. Ports are used again: one pair of ends may have several.
local function findConnection(pinfo)
  local known = connections[endsOf(pinfo)] or {}
  for i = #known, 1, -1 do
    if known[i].first <= pinfo.number then
      return known[i]
    end
  end
end

local function addConnection(pinfo, first, client)
  local ends = endsOf(pinfo)
  local connection = { first = first, client = client, streams = {}, unfinished = {} }
  connections[ends] = connections[ends] or {}
  table.insert(connections[ends], connection)
  return connection
end

-- Notes once, in the first pass, who asked and who answers, and which frames continue a fragmented payload.
local function factsOf(frame, pinfo)
  local key = table.concat({ pinfo.number, frame.tvb:offset(), frame.length, frame.streamId, frame.type }, ":")
  if pinfo.visited then
    return facts[key] or {}
  end
  local connection = frame.connection
  local sender = senderOf(pinfo)
  local role = connection.client == nil and sender or sender == connection.client and "client" or "server"
  local half = role .. frame.streamId
  local fact = {}
  if IS_REQUEST[frame.type] then
    fact.request = { number = pinfo.number, time = pinfo.rel_ts, role = role }
    connection.streams[frame.streamId] = fact.request
  elseif frame.type == PAYLOAD or frame.type == ERROR then
    local request = connection.streams[frame.streamId]
    if request ~= nil and request.role ~= role then
      fact.answered = request
      fact.time = pinfo.rel_ts - request.time
      request.response = request.response or pinfo.number
    end
    fact.continues = frame.type == PAYLOAD and connection.unfinished[half] or nil
  end
  if IS_REQUEST[frame.type] or frame.type == PAYLOAD then
    connection.unfinished[half] = has(frame.flags, 0x80) and not has(frame.flags, 0x40) or nil
  end
  facts[key] = next(fact) and fact
  return fact
end

local function showFacts(frame, fact)
  local function generated(field, value)
    frame.tree:add(field, value):set_generated()
  end
  if fact.request ~= nil and fact.request.response ~= nil then
    generated(f.responseIn, fact.request.response)
  end
  if fact.answered ~= nil then
    generated(f.requestIn, fact.answered.number)
    local seconds = math.max(0, math.floor(fact.time))
    generated(f.time, NSTime.new(seconds, math.max(0, math.floor((fact.time - seconds) * 1e9 + 0.5))))
  end
  if fact.continues then
    generated(f.continuation, true)
  end
end

-------------------------------------------------------------------------------------------------------------------
-- Reading. A reader is a part of a tvb: `at` moves up to `stop`. What does not fit is told once, and nil given back.

local function readerOf(tvb, at, stop, tree)
  return { tvb = tvb, at = at, stop = stop, tree = tree, captured = math.min(stop, tvb:len()) }
end

-- The next `size` bytes, or nil: the frame ends before (expert info), or the capture does. What is left is then broken.
local function take(reader, size, what, complaint)
  local at = reader.at
  if at + size > reader.stop then
    local text = string.format("%s: %d bytes wanted, %d left", what, size, reader.stop - at)
    reader.tree:add_proto_expert_info(complaint or e.truncated, text)
    reader.isBroken = true
    return nil
  end
  if at + size > reader.captured then
    reader.tree:add_proto_expert_info(e.cut, what .. ": not captured")
    reader.isBroken = true
    return nil
  end
  reader.at = at + size
  return reader.tvb(at, size)
end

-- Reads an unsigned number of up to four bytes into the tree and gives it back, or nil.
local function number(reader, field, size, what)
  local range = take(reader, size, what)
  if range == nil then
    return nil
  end
  reader.tree:add(field, range)
  return range:uint()
end

-- Reads a number of 31 bits; says so if the reserved bit is set, or if it is zero where it may not be.
local function number31(reader, field, what, mayBeZero)
  local range = take(reader, 4, what)
  if range == nil then
    return nil
  end
  local item = reader.tree:add(field, range)
  if range:bitfield(0, 1) == 1 then
    item:add_proto_expert_info(e.reserved, what .. ": reserved bit set")
  end
  local value = range:bitfield(1, 31)
  if value == 0 and not mayBeZero then
    item:add_proto_expert_info(e.zero, what .. " is zero, must be positive")
  end
  return value
end

local function position(reader, field, what)
  local range = take(reader, 8, what)
  if range ~= nil then
    reader.tree:add(field, range)
  end
  return range
end

-- Reads a length and as many bytes behind it; gives back their range, or nil.
local function counted(reader, lengthField, lengthSize, field, what)
  local length = number(reader, lengthField, lengthSize, what .. " length")
  local range = length and take(reader, length, what)
  if range ~= nil then
    reader.tree:add(field, range)
  end
  return range
end

-- Whether bytes may be shown as text: UTF-8 without control characters other than tab and line ends.
local function isText(range)
  if range:len() == 0 or range:len() > TEXT_LIMIT then
    return false
  end
  local text = range:raw()
  if text:find("[\0-\8\11\12\14-\31\127]") then
    return false
  end
  text = text:gsub("[\240-\244][\128-\191][\128-\191][\128-\191]", ".")
  text = text:gsub("[\224-\239][\128-\191][\128-\191]", ".")
  text = text:gsub("[\194-\223][\128-\191]", ".")
  return not text:find("[\128-\255]")
end

local function rest(reader)
  local at = math.min(reader.at, reader.captured)
  return reader.tvb(at, reader.captured - at)
end

-------------------------------------------------------------------------------------------------------------------
-- Metadata

-- A MIME type or authentication type: one byte, of which bit 7 says that the rest is an id; else the length less one
-- of the name that follows. Gives back its name and its range, or nil.
local function typeName(reader, names, what)
  local head = take(reader, 1, what, e.badMetadata)
  if head == nil then
    return nil
  end
  local low = head:bitfield(1, 7)
  if head:bitfield(0, 1) == 1 then
    return names[low] or string.format("unknown type 0x%02x", low), head, low
  end
  local range = take(reader, low + 1, what, e.badMetadata)
  return range and range:string(), range
end

local function routing(reader)
  while reader.at < reader.stop do
    local length = take(reader, 1, "Tag length", e.badMetadata)
    local tag = length and take(reader, length:uint(), "Tag", e.badMetadata)
    if tag == nil then
      return
    end
    if reader.route == nil then
      reader.route = tag:string(ENC_UTF_8)
      reader.tree:add_packet_field(f.route, tag, ENC_UTF_8)
    end
    reader.tree:add_packet_field(f.tag, tag, ENC_UTF_8)
  end
end

local function authentication(reader)
  local name, range, id = typeName(reader, AUTH_TYPES, "Authentication type")
  if name == nil then
    return
  end
  if id ~= nil then
    reader.tree:add(f.authTypeId, range)
  end
  reader.tree:add(f.authType, range, name)
  if name == "simple" then
    local length = take(reader, 2, "Username length", e.badMetadata)
    local username = length and take(reader, length:uint(), "Username", e.badMetadata)
    if username ~= nil then
      reader.tree:add_packet_field(f.authUsername, username, ENC_UTF_8)
      reader.tree:add_packet_field(f.authPassword, rest(reader), ENC_UTF_8)
    end
  elseif name == "bearer" then
    reader.tree:add_packet_field(f.authToken, rest(reader), ENC_UTF_8)
  else
    reader.tree:add(f.authPayload, rest(reader))
  end
end

local function tracing(reader)
  local flags = take(reader, 1, "Tracing flags", e.badMetadata)
  if flags == nil then
    return
  end
  local flagTree = reader.tree:add(f.traceFlags, flags)
  for _, flag in ipairs({ "Ids", "Debug", "Sampled", "NotSampled", "Wide", "Parent" }) do
    flagTree:add(f["trace" .. flag], flags)
  end
  if flags:bitfield(0, 1) == 0 then
    return
  end
  local ids = {
    { f.traceId, flags:bitfield(4, 1) == 1 and 16 or 8, "Trace ID" },
    { f.spanId, 8, "Span ID" },
    flags:bitfield(5, 1) == 1 and { f.parentId, 8, "Parent span ID" } or nil,
  }
  for _, id in ipairs(ids) do
    local range = take(reader, id[2], id[3], e.badMetadata)
    if range == nil then
      return
    end
    reader.tree:add(id[1], range)
  end
end

local function mimeTypes(reader)
  while reader.at < reader.stop do
    local name, range = typeName(reader, MIME_TYPES, "MIME type")
    if name == nil then
      return
    end
    reader.tree:add(f.listedMime, range, name)
  end
end

local decodeMetadata

local function composite(reader)
  while reader.at < reader.stop do
    local start = reader.at
    local name, mimeRange, id = typeName(reader, MIME_TYPES, "MIME type")
    local lengthRange = name and take(reader, 3, "Entry length", e.badMetadata)
    local content = lengthRange and take(reader, lengthRange:uint(), name, e.badMetadata)
    if content == nil then
      return
    end
    local tree = reader.tree:add(f.entry, reader.tvb(start, reader.at - start))
    tree:set_text(string.format("%s, %d bytes", name, content:len()))
    if id ~= nil then
      tree:add(f.entryMimeId, mimeRange)
    end
    tree:add(f.entryMime, mimeRange, name)
    tree:add(f.entryLength, lengthRange)
    local inner = readerOf(reader.tvb, reader.at - content:len(), reader.at, tree)
    -- One level only: metadata that holds itself over and over shall not exhaust the stack.
    if name ~= COMPOSITE and not decodeMetadata(inner, name) and isText(content) then
      tree:add_packet_field(f.entryText, content, ENC_UTF_8)
    end
    reader.route = reader.route or inner.route
  end
end

local METADATA_DECODERS = {
  [COMPOSITE] = composite,
  [ROUTING] = routing,
  [AUTHENTICATION] = authentication,
  [TRACING] = tracing,
  [DATA_MIME_TYPE] = mimeTypes,
  [ACCEPT_MIME_TYPES] = mimeTypes,
}

-- Decodes by MIME type; false if the type is none that is known here.
decodeMetadata = function(reader, mimeType)
  local decoder = METADATA_DECODERS[mimeType]
  if decoder == nil then
    return false
  end
  decoder(reader)
  return true
end

-- Whether the bytes can be nothing but composite metadata: for captures that began after the SETUP.
local function looksComposite(range)
  local at, stop = 0, range:len()
  while at < stop do
    local low = range(at, 1):bitfield(1, 7)
    if range(at, 1):bitfield(0, 1) == 1 then
      at = at + 1
    else
      if at + 2 + low > stop or range(at + 1, low + 1):raw():find("[^%w/.+_;= -]") then
        return false
      end
      at = at + 2 + low
    end
    if at + 3 > stop then
      return false
    end
    at = at + 3 + range(at, 3):uint()
  end
  return stop > 0 and at == stop
end

-- Shows `range`, all the metadata of a frame, as its MIME type says.
local function showMetadata(frame, range, fact)
  frame.metadataSize = range:len()
  if range:len() == 0 then
    return
  end
  local tree = frame.tree:add(f.metadata, range)
  local reader = readerOf(frame.tvb, frame.at - range:len(), frame.at, tree)
  local mimeType = frame.connection.metadataMime
  if mimeType == nil and looksComposite(range) then
    mimeType = COMPOSITE
  end
  -- The middle of a fragmented payload has no start to decode from.
  local decoded = not fact.continues and decodeMetadata(reader, mimeType)
  frame.route = reader.route
  if not decoded and isText(range) then
    tree:add_packet_field(f.metadataText, range, ENC_UTF_8)
  end
end

-------------------------------------------------------------------------------------------------------------------
-- Bodies

-- The metadata of a frame that may also have data: preceded by its length. False if the frame is too short for it.
local function metadata(frame, fact)
  if not has(frame.flags, 0x100) then
    return true
  end
  local length = number(frame, f.metadataLength, 3, "Metadata length")
  if length == nil then
    return false
  end
  local range = take(frame, length, "Metadata", e.badLength)
  if range == nil then
    return false
  end
  showMetadata(frame, range, fact)
  return true
end

-- All that is left is metadata, without a length.
local function metadataToEnd(frame, fact)
  local range = take(frame, frame.stop - frame.at, "Metadata")
  if range ~= nil then
    frame.tree:add(f.metadataLength, range:len()):set_generated()
    showMetadata(frame, range, fact)
  end
end

-- All that is left is data.
local function data(frame)
  frame.dataSize = frame.stop - frame.at
  frame.tree:add(f.dataLength, frame.dataSize):set_generated()
  local range = rest(frame)
  frame.at = frame.stop
  if range:len() > 0 then
    local tree = frame.tree:add(f.data, range)
    if isText(range) then
      tree:add_packet_field(f.dataText, range, ENC_UTF_8)
    end
  end
end

local function payload(frame, fact)
  if metadata(frame, fact) then
    data(frame)
  end
end

local function request(frame, fact)
  if frame.type == REQUEST_STREAM or frame.type == REQUEST_CHANNEL then
    frame.n = number31(frame, f.requestN, "Initial request N")
    if frame.n == nil then
      return
    end
  end
  payload(frame, fact)
end

local BODIES = {
  [REQUEST_RESPONSE] = request,
  [REQUEST_FNF] = request,
  [REQUEST_STREAM] = request,
  [REQUEST_CHANNEL] = request,
}

BODIES[SETUP] = function(frame, fact)
  local token, metadataMime, dataMime
  local timing = number(frame, f.setupMajor, 2, "Major version")
    and number(frame, f.setupMinor, 2, "Minor version")
    and number31(frame, f.keepaliveInterval, "Keepalive interval")
    and number31(frame, f.maxLifetime, "Max lifetime")
  if timing == nil then
    return
  end
  if has(frame.flags, 0x80) then
    token = counted(frame, f.setupTokenLength, 2, f.setupToken, "Resume token")
    if token == nil then
      return
    end
  end
  metadataMime = counted(frame, f.metadataMimeLength, 1, f.metadataMime, "Metadata MIME type")
  dataMime = metadataMime and counted(frame, f.dataMimeLength, 1, f.dataMime, "Data MIME type")
  if dataMime == nil then
    return
  end
  frame.connection.metadataMime = metadataMime:string()
  if token ~= nil then
    byToken[token:raw()] = frame.connection
  end
  payload(frame, fact)
end

BODIES[LEASE] = function(frame, fact)
  frame.ttl = number31(frame, f.leaseTtl, "Time to live", true)
  frame.n = frame.ttl and number31(frame, f.leaseRequests, "Number of requests", true)
  if frame.n ~= nil and has(frame.flags, 0x100) then
    metadataToEnd(frame, fact)
  end
end

BODIES[KEEPALIVE] = function(frame)
  if position(frame, f.keepalivePosition, "Last received position") then
    data(frame)
  end
end

BODIES[REQUEST_N] = function(frame)
  frame.n = number31(frame, f.requestN, "Request N")
end

BODIES[CANCEL] = function() end

BODIES[PAYLOAD] = function(frame, fact)
  if not has(frame.flags, 0x40) and not has(frame.flags, 0x20) then
    frame.tree:add_proto_expert_info(e.emptyPayload)
  end
  payload(frame, fact)
end

BODIES[ERROR] = function(frame)
  local code = number(frame, f.errorCode, 4, "Error code")
  if code == nil then
    return
  end
  frame.error = ERROR_CODES[code] or string.format(code > 0x300 and "application code 0x%08x" or "code 0x%08x", code)
  frame.tree:add_proto_expert_info(e.error, frame.error)
  data(frame)
end

BODIES[METADATA_PUSH] = metadataToEnd

BODIES[RESUME] = function(frame)
  local minor = number(frame, f.resumeMajor, 2, "Major version") and number(frame, f.resumeMinor, 2, "Minor version")
  local token = minor and counted(frame, f.resumeTokenLength, 2, f.resumeToken, "Resume token")
  if token == nil then
    return
  end
  local former = byToken[token:raw()]
  if former ~= nil then
    frame.connection.metadataMime = former.metadataMime
    frame.connection.streams, frame.connection.unfinished = former.streams, former.unfinished
  end
  if position(frame, f.lastServerPosition, "Last received server position") then
    position(frame, f.firstClientPosition, "First available client position")
  end
end

BODIES[RESUME_OK] = function(frame)
  position(frame, f.lastClientPosition, "Last received client position")
end

BODIES[EXT] = function(frame)
  if number31(frame, f.extType, "Extended type") then
    frame.tree:add(f.extData, rest(frame))
    frame.at = frame.stop
  end
end

-------------------------------------------------------------------------------------------------------------------
-- Frames

local function showFlags(frame, range)
  local tree = frame.tree:add(f.flags, range)
  tree:add(f.ignore, range)
  tree:add(f.metadataPresent, range)
  local words = {}
  for _, flag in ipairs(FLAGS[frame.type] or {}) do
    tree:add(flag[1], range)
    if has(frame.flags, flag[2]) then
      table.insert(words, flag[3])
    end
  end
  if #words > 0 then
    tree:append_text(" (" .. table.concat(words, ", ") .. ")")
  end
  return words
end

-- `REQUEST_RESPONSE stream=1 data=32 metadata=128`
local function summaryOf(frame, words)
  local parts = { frame.name }
  local function add(format, value)
    if value ~= nil then
      table.insert(parts, string.format(format, value))
    end
  end
  if not (IS_OF_CONNECTION[frame.type] and frame.streamId == 0) then
    add("stream=%d", frame.streamId)
  end
  add("%s", frame.error)
  add("n=%d", frame.n)
  add("ttl=%d", frame.ttl)
  add("data=%d", frame.dataSize)
  add("metadata=%d", frame.metadataSize)
  add("route=%s", frame.route and frame.route:gsub("%c", "."))
  for _, word in ipairs(words) do
    add("%s", word)
  end
  return table.concat(parts, " ")
end

local function showInfo(pinfo, summary)
  if pinfo.private.rsocket == nil then
    pinfo.private.rsocket = "yes"
    pinfo.cols.protocol = "RSocket"
    pinfo.cols.info = summary
  else
    pinfo.cols.info:append("; " .. summary)
  end
  pinfo.cols.info:fence()
end

local function checkStream(frame, item)
  if frame.streamId ~= 0 and IS_OF_CONNECTION[frame.type] then
    item:add_proto_expert_info(e.wrongStream, frame.name .. " belongs on stream 0")
  elseif frame.streamId == 0 and IS_OF_STREAM[frame.type] then
    item:add_proto_expert_info(e.wrongStream, frame.name .. " does not belong on stream 0")
  end
end

-- The connection of a frame. A SETUP or RESUME begins one; what comes without is taken for one that was there before.
local function connectionOf(frame, pinfo)
  local found = findConnection(pinfo)
  if not pinfo.visited and (frame.type == SETUP or frame.type == RESUME) then
    return addConnection(pinfo, pinfo.number, senderOf(pinfo))
  end
  return found or addConnection(pinfo, 0, nil)
end

-- Dissects the one frame that `tvb` holds behind `start` bytes of length prefix.
local function dissectFrame(tvb, pinfo, root, start)
  local length = tvb:reported_length_remaining(0)
  local tree = root:add(rsocket, tvb())
  local frame = readerOf(tvb, start, length, tree)
  frame.length = length - start
  if start > 0 then
    tree:add(f.frameLength, tvb(0, start))
  end
  local idRange = take(frame, 4, "Stream ID")
  local typeRange = idRange and take(frame, 2, "Type and flags")
  if typeRange == nil then
    tree:append_text(", malformed")
    showInfo(pinfo, "malformed frame")
    return
  end
  frame.streamId = idRange:bitfield(1, 31)
  frame.type = typeRange:bitfield(0, 6)
  frame.flags = typeRange:bitfield(6, 10)
  frame.name = TYPES[frame.type] or string.format("type 0x%02x", frame.type)

  local idItem = tree:add(f.streamId, idRange)
  if idRange:bitfield(0, 1) == 1 then
    idItem:add_proto_expert_info(e.reserved, "Stream ID: reserved bit set")
  end
  checkStream(frame, idItem)
  local typeItem = tree:add(f.type, typeRange)
  local words = showFlags(frame, typeRange)

  frame.connection = connectionOf(frame, pinfo)
  local fact = factsOf(frame, pinfo)
  local body = BODIES[frame.type]
  if body == nil then
    typeItem:add_proto_expert_info(
      e.unknownType, "Unknown frame type" .. (has(frame.flags, 0x200) and ", may be ignored" or ""))
  else
    body(frame, fact)
    if frame.at < frame.captured and not frame.isBroken then
      tree:add(f.trailing, rest(frame)):add_proto_expert_info(e.tooLong)
    end
  end
  showFacts(frame, fact)
  local summary = summaryOf(frame, words)
  tree:set_text("RSocket " .. summary)
  showInfo(pinfo, summary)
end

-------------------------------------------------------------------------------------------------------------------
-- Ways in

local function sizeOfPdu(tvb, _, offset)
  return PREFIX_SIZE + tvb(offset, PREFIX_SIZE):uint()
end

local function dissectPdu(tvb, pinfo, root)
  dissectFrame(tvb, pinfo, root, PREFIX_SIZE)
  return tvb:len()
end

local function isHttp(tvb)
  local start = tvb:len() >= 4 and tvb(0, 4):raw()
  return start == "GET " or start == "HTTP"
end

-- The heuristics call these two as the plain functions they are: each call by way of a dissector object would lower
-- `can_desegment`, and frames split over segments would no longer be put together.
local function dissectBytes(tvb, root)
  dissect_tcp_pdus(tvb, root, PREFIX_SIZE, sizeOfPdu, dissectPdu)
  return tvb:len()
end

local function dissectMessage(tvb, pinfo, root)
  dissectFrame(tvb, pinfo, root, 0)
  return tvb:len()
end

function rsocket.dissector(tvb, _, root)
  -- A WebSocket server may listen on a port that is ours: what it speaks is found by the HTTP dissector.
  if isHttp(tvb) then
    return 0
  end
  return dissectBytes(tvb, root)
end

overWebSocket.dissector = dissectMessage

-- Whether a frame of `length` bytes at `at` is a SETUP or RESUME of version 1.0, as only RSocket begins.
local function beginsConnection(tvb, at, length)
  if length < HEADER_SIZE + 14 or tvb:len() < at + HEADER_SIZE + 8 or tvb(at, 4):uint() ~= 0 then
    return false
  end
  local kind, version = tvb(at + 4, 2), tvb(at + 6, 4):uint()
  if version ~= 0x00010000 then
    return false
  end
  if kind:bitfield(0, 6) == SETUP then
    local interval = tvb(at + 10, 4)
    return kind:bitfield(6, 1) == 0 and kind:bitfield(10, 6) == 0 and interval:bitfield(0, 1) == 0
      and interval:uint() > 0
  end
  return kind:bitfield(0, 6) == RESUME and length == HEADER_SIZE + 4 + 2 + tvb(at + 10, 2):uint() + 16
end

local function beginsWithPrefix(tvb)
  return tvb:len() > PREFIX_SIZE and beginsConnection(tvb, PREFIX_SIZE, tvb(0, PREFIX_SIZE):uint())
end

local function isKnown(pinfo)
  local connection = findConnection(pinfo)
  return connection ~= nil and connection.client ~= nil
end

rsocket:register_heuristic("tcp", function(tvb, pinfo, root)
  if not beginsWithPrefix(tvb) then
    return false
  end
  pinfo.conversation = rsocket
  dissectBytes(tvb, root)
  return true
end)

rsocket:register_heuristic("tls", function(tvb, pinfo, root)
  if not isKnown(pinfo) and not beginsWithPrefix(tvb) then
    return false
  end
  dissectBytes(tvb, root)
  return true
end)

rsocket:register_heuristic("ws", function(tvb, pinfo, root)
  if not isKnown(pinfo) and not beginsConnection(tvb, 0, tvb:len()) then
    return false
  end
  dissectMessage(tvb, pinfo, root)
  return true
end)

local tcpPorts, tlsPorts, wsPorts =
  DissectorTable.get("tcp.port"), DissectorTable.get("tls.port"), DissectorTable.get("ws.port")
DissectorTable.get("ws.protocol"):add("rsocket", overWebSocket)
tcpPorts:add_for_decode_as(rsocket)
tlsPorts:add_for_decode_as(rsocket)

rsocket.prefs.ports =
  Pref.range("TCP ports", "7000,7878", "Ports on which RSocket is expected, over TCP or in WebSocket messages", 65535)

local ports = ""

local function listen()
  local wanted = tostring(rsocket.prefs.ports)
  if ports ~= "" then
    tcpPorts:remove(ports, rsocket)
    wsPorts:remove(ports, overWebSocket)
  end
  if wanted ~= "" then
    tcpPorts:add(wanted, rsocket)
    wsPorts:add(wanted, overWebSocket)
  end
  ports = wanted
end

rsocket.prefs_changed = listen
listen()
