/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $String = $util.global.String, $Array = $util.global.Array, $Number = $util.global.Number, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt, $Boolean = $util.global.Boolean;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const gridpact = $root.gridpact = (() => {

    /**
     * Namespace gridpact.
     * @exports gridpact
     * @namespace
     */
    const gridpact = {};

    gridpact.reading = (function() {

        /**
         * Namespace reading.
         * @memberof gridpact
         * @namespace
         */
        const reading = {};

        reading.v1 = (function() {

            /**
             * Namespace v1.
             * @memberof gridpact.reading
             * @namespace
             */
            const v1 = {};

            v1.SignedEnvelope = (function() {

                /**
                 * Properties of a SignedEnvelope.
                 * @typedef {Object} gridpact.reading.v1.SignedEnvelope.$Properties
                 * @property {Uint8Array|null} [payload] SignedEnvelope payload
                 * @property {Uint8Array|null} [signature] SignedEnvelope signature
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a SignedEnvelope.
                 * @memberof gridpact.reading.v1
                 * @interface ISignedEnvelope
                 * @augments gridpact.reading.v1.SignedEnvelope.$Properties
                 * @deprecated Use gridpact.reading.v1.SignedEnvelope.$Properties instead.
                 */

                /**
                 * Shape of a SignedEnvelope.
                 * @typedef {gridpact.reading.v1.SignedEnvelope.$Properties} gridpact.reading.v1.SignedEnvelope.$Shape
                 */

                /**
                 * Constructs a new SignedEnvelope.
                 * @memberof gridpact.reading.v1
                 * @classdesc Represents a SignedEnvelope.
                 * @constructor
                 * @param {gridpact.reading.v1.SignedEnvelope.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const SignedEnvelope = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * SignedEnvelope payload.
                 * @member {Uint8Array} payload
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @instance
                 */
                SignedEnvelope.prototype.payload = $util.newBuffer([]);

                /**
                 * SignedEnvelope signature.
                 * @member {Uint8Array} signature
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @instance
                 */
                SignedEnvelope.prototype.signature = $util.newBuffer([]);

                /**
                 * Creates a new SignedEnvelope instance using the specified properties.
                 * @function create
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @static
                 * @param {gridpact.reading.v1.SignedEnvelope.$Properties=} [properties] Properties to set
                 * @returns {gridpact.reading.v1.SignedEnvelope} SignedEnvelope instance
                 * @type {{
                 *   (properties: gridpact.reading.v1.SignedEnvelope.$Shape): gridpact.reading.v1.SignedEnvelope & gridpact.reading.v1.SignedEnvelope.$Shape;
                 *   (properties?: gridpact.reading.v1.SignedEnvelope.$Properties): gridpact.reading.v1.SignedEnvelope;
                 * }}
                 */
                SignedEnvelope.create = function(properties) {
                    return new SignedEnvelope(properties);
                };

                /**
                 * Encodes the specified SignedEnvelope message. Does not implicitly {@link gridpact.reading.v1.SignedEnvelope.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @static
                 * @param {gridpact.reading.v1.SignedEnvelope.$Properties} message SignedEnvelope message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                SignedEnvelope.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.payload);
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a SignedEnvelope message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.reading.v1.SignedEnvelope & gridpact.reading.v1.SignedEnvelope.$Shape} SignedEnvelope
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                SignedEnvelope.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.reading.v1.SignedEnvelope();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.payload = value;
                                else
                                    delete message.payload;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.signature = value;
                                else
                                    delete message.signature;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a SignedEnvelope message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.reading.v1.SignedEnvelope} SignedEnvelope
                 */
                SignedEnvelope.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.reading.v1.SignedEnvelope)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.reading.v1.SignedEnvelope: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.reading.v1.SignedEnvelope();
                    if (object.payload != null)
                        if (object.payload.length)
                            if (typeof object.payload === "string")
                                $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                            else if (object.payload.length >= 0)
                                message.payload = object.payload;
                    if (object.signature != null)
                        if (object.signature.length)
                            if (typeof object.signature === "string")
                                $util.base64.decode(object.signature, message.signature = $util.newBuffer($util.base64.length(object.signature)), 0);
                            else if (object.signature.length >= 0)
                                message.signature = object.signature;
                    return message;
                };

                /**
                 * Creates a plain object from a SignedEnvelope message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @static
                 * @param {gridpact.reading.v1.SignedEnvelope} message SignedEnvelope
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                SignedEnvelope.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        if (options.bytes === $String)
                            object.payload = "";
                        else {
                            object.payload = [];
                            if (options.bytes !== $Array)
                                object.payload = $util.newBuffer(object.payload);
                        }
                        if (options.bytes === $String)
                            object.signature = "";
                        else {
                            object.signature = [];
                            if (options.bytes !== $Array)
                                object.signature = $util.newBuffer(object.signature);
                        }
                    }
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                        object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                        object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
                    return object;
                };

                /**
                 * Converts this SignedEnvelope to JSON.
                 * @function toJSON
                 * @memberof gridpact.reading.v1.SignedEnvelope
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                SignedEnvelope.prototype.toJSON = function() {
                    return SignedEnvelope.toObject(this, $protobuf.util.toJSONOptions);
                };

                return SignedEnvelope;
            })();

            v1.EnvelopePayload = (function() {

                /**
                 * Properties of an EnvelopePayload.
                 * @typedef {Object} gridpact.reading.v1.EnvelopePayload.$Properties
                 * @property {string|null} [deviceId] EnvelopePayload deviceId
                 * @property {number|null} [bootEpoch] EnvelopePayload bootEpoch
                 * @property {number|Long|null} [firstSeq] EnvelopePayload firstSeq
                 * @property {Uint8Array|null} [previousEnvelopeHash] EnvelopePayload previousEnvelopeHash
                 * @property {Array.<gridpact.reading.v1.Reading.$Properties>|null} [readings] EnvelopePayload readings
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an EnvelopePayload.
                 * @memberof gridpact.reading.v1
                 * @interface IEnvelopePayload
                 * @augments gridpact.reading.v1.EnvelopePayload.$Properties
                 * @deprecated Use gridpact.reading.v1.EnvelopePayload.$Properties instead.
                 */

                /**
                 * Shape of an EnvelopePayload.
                 * @typedef {gridpact.reading.v1.EnvelopePayload.$Properties} gridpact.reading.v1.EnvelopePayload.$Shape
                 */

                /**
                 * Constructs a new EnvelopePayload.
                 * @memberof gridpact.reading.v1
                 * @classdesc Represents an EnvelopePayload.
                 * @constructor
                 * @param {gridpact.reading.v1.EnvelopePayload.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const EnvelopePayload = function (properties) {
                    this.readings = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * EnvelopePayload deviceId.
                 * @member {string} deviceId
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @instance
                 */
                EnvelopePayload.prototype.deviceId = "";

                /**
                 * EnvelopePayload bootEpoch.
                 * @member {number} bootEpoch
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @instance
                 */
                EnvelopePayload.prototype.bootEpoch = 0;

                /**
                 * EnvelopePayload firstSeq.
                 * @member {number|Long} firstSeq
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @instance
                 */
                EnvelopePayload.prototype.firstSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * EnvelopePayload previousEnvelopeHash.
                 * @member {Uint8Array} previousEnvelopeHash
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @instance
                 */
                EnvelopePayload.prototype.previousEnvelopeHash = $util.newBuffer([]);

                /**
                 * EnvelopePayload readings.
                 * @member {Array.<gridpact.reading.v1.Reading.$Properties>} readings
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @instance
                 */
                EnvelopePayload.prototype.readings = $util.emptyArray;

                /**
                 * Creates a new EnvelopePayload instance using the specified properties.
                 * @function create
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @static
                 * @param {gridpact.reading.v1.EnvelopePayload.$Properties=} [properties] Properties to set
                 * @returns {gridpact.reading.v1.EnvelopePayload} EnvelopePayload instance
                 * @type {{
                 *   (properties: gridpact.reading.v1.EnvelopePayload.$Shape): gridpact.reading.v1.EnvelopePayload & gridpact.reading.v1.EnvelopePayload.$Shape;
                 *   (properties?: gridpact.reading.v1.EnvelopePayload.$Properties): gridpact.reading.v1.EnvelopePayload;
                 * }}
                 */
                EnvelopePayload.create = function(properties) {
                    return new EnvelopePayload(properties);
                };

                /**
                 * Encodes the specified EnvelopePayload message. Does not implicitly {@link gridpact.reading.v1.EnvelopePayload.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @static
                 * @param {gridpact.reading.v1.EnvelopePayload.$Properties} message EnvelopePayload message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                EnvelopePayload.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.deviceId);
                    if (message.bootEpoch != null && $Object.hasOwnProperty.call(message, "bootEpoch") && message.bootEpoch !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.bootEpoch);
                    if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq") && (typeof message.firstSeq === "object" ? message.firstSeq.low || message.firstSeq.high : message.firstSeq !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.firstSeq);
                    if (message.previousEnvelopeHash != null && $Object.hasOwnProperty.call(message, "previousEnvelopeHash") && message.previousEnvelopeHash.length)
                        writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.previousEnvelopeHash);
                    if (message.readings != null && message.readings.length)
                        for (let i = 0; i < message.readings.length; ++i)
                            $root.gridpact.reading.v1.Reading.encode(message.readings[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an EnvelopePayload message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.reading.v1.EnvelopePayload & gridpact.reading.v1.EnvelopePayload.$Shape} EnvelopePayload
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                EnvelopePayload.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.reading.v1.EnvelopePayload();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.deviceId = value;
                                else
                                    delete message.deviceId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.bootEpoch = value;
                                else
                                    delete message.bootEpoch;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.firstSeq = value;
                                else
                                    delete message.firstSeq;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.previousEnvelopeHash = value;
                                else
                                    delete message.previousEnvelopeHash;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.readings && message.readings.length))
                                    message.readings = [];
                                message.readings.push($root.gridpact.reading.v1.Reading.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates an EnvelopePayload message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.reading.v1.EnvelopePayload} EnvelopePayload
                 */
                EnvelopePayload.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.reading.v1.EnvelopePayload)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.reading.v1.EnvelopePayload: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.reading.v1.EnvelopePayload();
                    if (object.deviceId != null)
                        if (typeof object.deviceId !== "string" || object.deviceId.length)
                            message.deviceId = $String(object.deviceId);
                    if (object.bootEpoch != null)
                        if ($Number(object.bootEpoch) !== 0)
                            message.bootEpoch = object.bootEpoch >>> 0;
                    if (object.firstSeq != null)
                        if (typeof object.firstSeq === "object" ? object.firstSeq.low || object.firstSeq.high : $Number(object.firstSeq) !== 0)
                            if ($util.Long)
                                message.firstSeq = $util.Long.fromValue(object.firstSeq, true);
                            else if (typeof object.firstSeq === "string")
                                message.firstSeq = $parseInt(object.firstSeq, 10);
                            else if (typeof object.firstSeq === "number")
                                message.firstSeq = object.firstSeq;
                            else if (typeof object.firstSeq === "object")
                                message.firstSeq = new $util.LongBits(object.firstSeq.low >>> 0, object.firstSeq.high >>> 0).toNumber(true);
                    if (object.previousEnvelopeHash != null)
                        if (object.previousEnvelopeHash.length)
                            if (typeof object.previousEnvelopeHash === "string")
                                $util.base64.decode(object.previousEnvelopeHash, message.previousEnvelopeHash = $util.newBuffer($util.base64.length(object.previousEnvelopeHash)), 0);
                            else if (object.previousEnvelopeHash.length >= 0)
                                message.previousEnvelopeHash = object.previousEnvelopeHash;
                    if (object.readings) {
                        if (!$Array.isArray(object.readings))
                            throw $TypeError(".gridpact.reading.v1.EnvelopePayload.readings: array expected");
                        message.readings = $Array(object.readings.length);
                        for (let i = 0; i < object.readings.length; ++i) {
                            if (!$util.isObject(object.readings[i]))
                                throw $TypeError(".gridpact.reading.v1.EnvelopePayload.readings: object expected");
                            message.readings[i] = $root.gridpact.reading.v1.Reading.fromObject(object.readings[i], _depth + 1);
                        }
                    }
                    return message;
                };

                /**
                 * Creates a plain object from an EnvelopePayload message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @static
                 * @param {gridpact.reading.v1.EnvelopePayload} message EnvelopePayload
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                EnvelopePayload.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.arrays || options.defaults)
                        object.readings = [];
                    if (options.defaults) {
                        object.deviceId = "";
                        object.bootEpoch = 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.firstSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.firstSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if (options.bytes === $String)
                            object.previousEnvelopeHash = "";
                        else {
                            object.previousEnvelopeHash = [];
                            if (options.bytes !== $Array)
                                object.previousEnvelopeHash = $util.newBuffer(object.previousEnvelopeHash);
                        }
                    }
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId"))
                        object.deviceId = message.deviceId;
                    if (message.bootEpoch != null && $Object.hasOwnProperty.call(message, "bootEpoch"))
                        object.bootEpoch = message.bootEpoch;
                    if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.firstSeq = typeof message.firstSeq === "number" ? $BigInt(message.firstSeq) : $util.Long.fromBits(message.firstSeq.low >>> 0, message.firstSeq.high >>> 0, true).toBigInt();
                        else if (typeof message.firstSeq === "number")
                            object.firstSeq = options.longs === $String ? $String(message.firstSeq) : message.firstSeq;
                        else
                            object.firstSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.firstSeq) : options.longs === $Number ? new $util.LongBits(message.firstSeq.low >>> 0, message.firstSeq.high >>> 0).toNumber(true) : message.firstSeq;
                    if (message.previousEnvelopeHash != null && $Object.hasOwnProperty.call(message, "previousEnvelopeHash"))
                        object.previousEnvelopeHash = options.bytes === $String ? $util.base64.encode(message.previousEnvelopeHash, 0, message.previousEnvelopeHash.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.previousEnvelopeHash) : message.previousEnvelopeHash;
                    if (message.readings && message.readings.length) {
                        object.readings = $Array(message.readings.length);
                        for (let j = 0; j < message.readings.length; ++j)
                            object.readings[j] = $root.gridpact.reading.v1.Reading.toObject(message.readings[j], options, _depth + 1);
                    }
                    return object;
                };

                /**
                 * Converts this EnvelopePayload to JSON.
                 * @function toJSON
                 * @memberof gridpact.reading.v1.EnvelopePayload
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                EnvelopePayload.prototype.toJSON = function() {
                    return EnvelopePayload.toObject(this, $protobuf.util.toJSONOptions);
                };

                return EnvelopePayload;
            })();

            v1.Reading = (function() {

                /**
                 * Properties of a Reading.
                 * @typedef {Object} gridpact.reading.v1.Reading.$Properties
                 * @property {number|Long|null} [measuredAtUnixMs] Reading measuredAtUnixMs
                 * @property {number|Long|null} [powerW] Reading powerW
                 * @property {number|Long|null} [importWh] Reading importWh
                 * @property {number|Long|null} [exportWh] Reading exportWh
                 * @property {gridpact.reading.v1.Quality|null} [quality] Reading quality
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Reading.
                 * @memberof gridpact.reading.v1
                 * @interface IReading
                 * @augments gridpact.reading.v1.Reading.$Properties
                 * @deprecated Use gridpact.reading.v1.Reading.$Properties instead.
                 */

                /**
                 * Shape of a Reading.
                 * @typedef {gridpact.reading.v1.Reading.$Properties} gridpact.reading.v1.Reading.$Shape
                 */

                /**
                 * Constructs a new Reading.
                 * @memberof gridpact.reading.v1
                 * @classdesc Represents a Reading.
                 * @constructor
                 * @param {gridpact.reading.v1.Reading.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Reading = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Reading measuredAtUnixMs.
                 * @member {number|Long} measuredAtUnixMs
                 * @memberof gridpact.reading.v1.Reading
                 * @instance
                 */
                Reading.prototype.measuredAtUnixMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Reading powerW.
                 * @member {number|Long} powerW
                 * @memberof gridpact.reading.v1.Reading
                 * @instance
                 */
                Reading.prototype.powerW = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Reading importWh.
                 * @member {number|Long} importWh
                 * @memberof gridpact.reading.v1.Reading
                 * @instance
                 */
                Reading.prototype.importWh = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Reading exportWh.
                 * @member {number|Long} exportWh
                 * @memberof gridpact.reading.v1.Reading
                 * @instance
                 */
                Reading.prototype.exportWh = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Reading quality.
                 * @member {gridpact.reading.v1.Quality} quality
                 * @memberof gridpact.reading.v1.Reading
                 * @instance
                 */
                Reading.prototype.quality = 0;

                /**
                 * Creates a new Reading instance using the specified properties.
                 * @function create
                 * @memberof gridpact.reading.v1.Reading
                 * @static
                 * @param {gridpact.reading.v1.Reading.$Properties=} [properties] Properties to set
                 * @returns {gridpact.reading.v1.Reading} Reading instance
                 * @type {{
                 *   (properties: gridpact.reading.v1.Reading.$Shape): gridpact.reading.v1.Reading & gridpact.reading.v1.Reading.$Shape;
                 *   (properties?: gridpact.reading.v1.Reading.$Properties): gridpact.reading.v1.Reading;
                 * }}
                 */
                Reading.create = function(properties) {
                    return new Reading(properties);
                };

                /**
                 * Encodes the specified Reading message. Does not implicitly {@link gridpact.reading.v1.Reading.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.reading.v1.Reading
                 * @static
                 * @param {gridpact.reading.v1.Reading.$Properties} message Reading message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Reading.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.measuredAtUnixMs != null && $Object.hasOwnProperty.call(message, "measuredAtUnixMs") && (typeof message.measuredAtUnixMs === "object" ? message.measuredAtUnixMs.low || message.measuredAtUnixMs.high : message.measuredAtUnixMs !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.measuredAtUnixMs);
                    if (message.powerW != null && $Object.hasOwnProperty.call(message, "powerW") && (typeof message.powerW === "object" ? message.powerW.low || message.powerW.high : message.powerW !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).sint64(message.powerW);
                    if (message.importWh != null && $Object.hasOwnProperty.call(message, "importWh") && (typeof message.importWh === "object" ? message.importWh.low || message.importWh.high : message.importWh !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.importWh);
                    if (message.exportWh != null && $Object.hasOwnProperty.call(message, "exportWh") && (typeof message.exportWh === "object" ? message.exportWh.low || message.exportWh.high : message.exportWh !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.exportWh);
                    if (message.quality != null && $Object.hasOwnProperty.call(message, "quality") && message.quality !== 0)
                        writer.uint32(/* id 5, wireType 0 =*/40).int32(message.quality);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Reading message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.reading.v1.Reading
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.reading.v1.Reading & gridpact.reading.v1.Reading.$Shape} Reading
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Reading.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.reading.v1.Reading();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.measuredAtUnixMs = value;
                                else
                                    delete message.measuredAtUnixMs;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.powerW = value;
                                else
                                    delete message.powerW;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.importWh = value;
                                else
                                    delete message.importWh;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.exportWh = value;
                                else
                                    delete message.exportWh;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.quality = value;
                                else
                                    delete message.quality;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a Reading message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.reading.v1.Reading
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.reading.v1.Reading} Reading
                 */
                Reading.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.reading.v1.Reading)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.reading.v1.Reading: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.reading.v1.Reading();
                    if (object.measuredAtUnixMs != null)
                        if (typeof object.measuredAtUnixMs === "object" ? object.measuredAtUnixMs.low || object.measuredAtUnixMs.high : $Number(object.measuredAtUnixMs) !== 0)
                            if ($util.Long)
                                message.measuredAtUnixMs = $util.Long.fromValue(object.measuredAtUnixMs, false);
                            else if (typeof object.measuredAtUnixMs === "string")
                                message.measuredAtUnixMs = $parseInt(object.measuredAtUnixMs, 10);
                            else if (typeof object.measuredAtUnixMs === "number")
                                message.measuredAtUnixMs = object.measuredAtUnixMs;
                            else if (typeof object.measuredAtUnixMs === "object")
                                message.measuredAtUnixMs = new $util.LongBits(object.measuredAtUnixMs.low >>> 0, object.measuredAtUnixMs.high >>> 0).toNumber();
                    if (object.powerW != null)
                        if (typeof object.powerW === "object" ? object.powerW.low || object.powerW.high : $Number(object.powerW) !== 0)
                            if ($util.Long)
                                message.powerW = $util.Long.fromValue(object.powerW, false);
                            else if (typeof object.powerW === "string")
                                message.powerW = $parseInt(object.powerW, 10);
                            else if (typeof object.powerW === "number")
                                message.powerW = object.powerW;
                            else if (typeof object.powerW === "object")
                                message.powerW = new $util.LongBits(object.powerW.low >>> 0, object.powerW.high >>> 0).toNumber();
                    if (object.importWh != null)
                        if (typeof object.importWh === "object" ? object.importWh.low || object.importWh.high : $Number(object.importWh) !== 0)
                            if ($util.Long)
                                message.importWh = $util.Long.fromValue(object.importWh, true);
                            else if (typeof object.importWh === "string")
                                message.importWh = $parseInt(object.importWh, 10);
                            else if (typeof object.importWh === "number")
                                message.importWh = object.importWh;
                            else if (typeof object.importWh === "object")
                                message.importWh = new $util.LongBits(object.importWh.low >>> 0, object.importWh.high >>> 0).toNumber(true);
                    if (object.exportWh != null)
                        if (typeof object.exportWh === "object" ? object.exportWh.low || object.exportWh.high : $Number(object.exportWh) !== 0)
                            if ($util.Long)
                                message.exportWh = $util.Long.fromValue(object.exportWh, true);
                            else if (typeof object.exportWh === "string")
                                message.exportWh = $parseInt(object.exportWh, 10);
                            else if (typeof object.exportWh === "number")
                                message.exportWh = object.exportWh;
                            else if (typeof object.exportWh === "object")
                                message.exportWh = new $util.LongBits(object.exportWh.low >>> 0, object.exportWh.high >>> 0).toNumber(true);
                    if (object.quality !== 0 && (typeof object.quality !== "string" || $root.gridpact.reading.v1.Quality[object.quality] !== 0))
                        switch (object.quality) {
                        case "QUALITY_UNSPECIFIED":
                        case 0:
                            message.quality = 0;
                            break;
                        case "QUALITY_MEASURED":
                        case 1:
                            message.quality = 1;
                            break;
                        case "QUALITY_ESTIMATED":
                        case 2:
                            message.quality = 2;
                            break;
                        default:
                            if (typeof object.quality === "number" && (object.quality | 0) === object.quality)
                                message.quality = object.quality;
                        }
                    return message;
                };

                /**
                 * Creates a plain object from a Reading message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.reading.v1.Reading
                 * @static
                 * @param {gridpact.reading.v1.Reading} message Reading
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                Reading.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.measuredAtUnixMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.measuredAtUnixMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.powerW = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.powerW = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.importWh = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.importWh = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.exportWh = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.exportWh = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.quality = options.enums === $String ? "QUALITY_UNSPECIFIED" : 0;
                    }
                    if (message.measuredAtUnixMs != null && $Object.hasOwnProperty.call(message, "measuredAtUnixMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.measuredAtUnixMs = typeof message.measuredAtUnixMs === "number" ? $BigInt(message.measuredAtUnixMs) : $util.Long.fromBits(message.measuredAtUnixMs.low >>> 0, message.measuredAtUnixMs.high >>> 0, false).toBigInt();
                        else if (typeof message.measuredAtUnixMs === "number")
                            object.measuredAtUnixMs = options.longs === $String ? $String(message.measuredAtUnixMs) : message.measuredAtUnixMs;
                        else
                            object.measuredAtUnixMs = options.longs === $String ? $util.Long.prototype.toString.call(message.measuredAtUnixMs) : options.longs === $Number ? new $util.LongBits(message.measuredAtUnixMs.low >>> 0, message.measuredAtUnixMs.high >>> 0).toNumber() : message.measuredAtUnixMs;
                    if (message.powerW != null && $Object.hasOwnProperty.call(message, "powerW"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.powerW = typeof message.powerW === "number" ? $BigInt(message.powerW) : $util.Long.fromBits(message.powerW.low >>> 0, message.powerW.high >>> 0, false).toBigInt();
                        else if (typeof message.powerW === "number")
                            object.powerW = options.longs === $String ? $String(message.powerW) : message.powerW;
                        else
                            object.powerW = options.longs === $String ? $util.Long.prototype.toString.call(message.powerW) : options.longs === $Number ? new $util.LongBits(message.powerW.low >>> 0, message.powerW.high >>> 0).toNumber() : message.powerW;
                    if (message.importWh != null && $Object.hasOwnProperty.call(message, "importWh"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.importWh = typeof message.importWh === "number" ? $BigInt(message.importWh) : $util.Long.fromBits(message.importWh.low >>> 0, message.importWh.high >>> 0, true).toBigInt();
                        else if (typeof message.importWh === "number")
                            object.importWh = options.longs === $String ? $String(message.importWh) : message.importWh;
                        else
                            object.importWh = options.longs === $String ? $util.Long.prototype.toString.call(message.importWh) : options.longs === $Number ? new $util.LongBits(message.importWh.low >>> 0, message.importWh.high >>> 0).toNumber(true) : message.importWh;
                    if (message.exportWh != null && $Object.hasOwnProperty.call(message, "exportWh"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.exportWh = typeof message.exportWh === "number" ? $BigInt(message.exportWh) : $util.Long.fromBits(message.exportWh.low >>> 0, message.exportWh.high >>> 0, true).toBigInt();
                        else if (typeof message.exportWh === "number")
                            object.exportWh = options.longs === $String ? $String(message.exportWh) : message.exportWh;
                        else
                            object.exportWh = options.longs === $String ? $util.Long.prototype.toString.call(message.exportWh) : options.longs === $Number ? new $util.LongBits(message.exportWh.low >>> 0, message.exportWh.high >>> 0).toNumber(true) : message.exportWh;
                    if (message.quality != null && $Object.hasOwnProperty.call(message, "quality"))
                        object.quality = options.enums === $String ? $root.gridpact.reading.v1.Quality[message.quality] === $undefined ? message.quality : $root.gridpact.reading.v1.Quality[message.quality] : message.quality;
                    return object;
                };

                /**
                 * Converts this Reading to JSON.
                 * @function toJSON
                 * @memberof gridpact.reading.v1.Reading
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                Reading.prototype.toJSON = function() {
                    return Reading.toObject(this, $protobuf.util.toJSONOptions);
                };

                return Reading;
            })();

            /**
             * Quality enum.
             * @name gridpact.reading.v1.Quality
             * @enum {number}
             * @property {number} QUALITY_UNSPECIFIED=0 QUALITY_UNSPECIFIED value
             * @property {number} QUALITY_MEASURED=1 QUALITY_MEASURED value
             * @property {number} QUALITY_ESTIMATED=2 QUALITY_ESTIMATED value
             */
            v1.Quality = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "QUALITY_UNSPECIFIED"] = 0;
                values[valuesById[1] = "QUALITY_MEASURED"] = 1;
                values[valuesById[2] = "QUALITY_ESTIMATED"] = 2;
                return values;
            })();

            /**
             * RejectReason enum.
             * @name gridpact.reading.v1.RejectReason
             * @enum {number}
             * @property {number} REJECT_REASON_UNSPECIFIED=0 REJECT_REASON_UNSPECIFIED value
             * @property {number} REJECT_REASON_MALFORMED=1 REJECT_REASON_MALFORMED value
             * @property {number} REJECT_REASON_TOO_LARGE=2 REJECT_REASON_TOO_LARGE value
             * @property {number} REJECT_REASON_UNKNOWN_DEVICE=3 REJECT_REASON_UNKNOWN_DEVICE value
             * @property {number} REJECT_REASON_IDENTITY_MISMATCH=4 REJECT_REASON_IDENTITY_MISMATCH value
             * @property {number} REJECT_REASON_BAD_SIGNATURE=5 REJECT_REASON_BAD_SIGNATURE value
             * @property {number} REJECT_REASON_EQUIVOCATION=6 REJECT_REASON_EQUIVOCATION value
             * @property {number} REJECT_REASON_QUARANTINED=7 REJECT_REASON_QUARANTINED value
             * @property {number} REJECT_REASON_STALE=8 REJECT_REASON_STALE value
             * @property {number} REJECT_REASON_CHAIN_BROKEN=9 REJECT_REASON_CHAIN_BROKEN value
             * @property {number} REJECT_REASON_REGISTER_DECREASED=10 REJECT_REASON_REGISTER_DECREASED value
             * @property {number} REJECT_REASON_CLOCK_SKEW=11 REJECT_REASON_CLOCK_SKEW value
             */
            v1.RejectReason = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "REJECT_REASON_UNSPECIFIED"] = 0;
                values[valuesById[1] = "REJECT_REASON_MALFORMED"] = 1;
                values[valuesById[2] = "REJECT_REASON_TOO_LARGE"] = 2;
                values[valuesById[3] = "REJECT_REASON_UNKNOWN_DEVICE"] = 3;
                values[valuesById[4] = "REJECT_REASON_IDENTITY_MISMATCH"] = 4;
                values[valuesById[5] = "REJECT_REASON_BAD_SIGNATURE"] = 5;
                values[valuesById[6] = "REJECT_REASON_EQUIVOCATION"] = 6;
                values[valuesById[7] = "REJECT_REASON_QUARANTINED"] = 7;
                values[valuesById[8] = "REJECT_REASON_STALE"] = 8;
                values[valuesById[9] = "REJECT_REASON_CHAIN_BROKEN"] = 9;
                values[valuesById[10] = "REJECT_REASON_REGISTER_DECREASED"] = 10;
                values[valuesById[11] = "REJECT_REASON_CLOCK_SKEW"] = 11;
                return values;
            })();

            return v1;
        })();

        return reading;
    })();

    gridpact.control = (function() {

        /**
         * Namespace control.
         * @memberof gridpact
         * @namespace
         */
        const control = {};

        control.v1 = (function() {

            /**
             * Namespace v1.
             * @memberof gridpact.control
             * @namespace
             */
            const v1 = {};

            v1.EnrolmentRequest = (function() {

                /**
                 * Properties of an EnrolmentRequest.
                 * @typedef {Object} gridpact.control.v1.EnrolmentRequest.$Properties
                 * @property {string|null} [deviceId] EnrolmentRequest deviceId
                 * @property {Uint8Array|null} [publicKey] EnrolmentRequest publicKey
                 * @property {string|null} [token] EnrolmentRequest token
                 * @property {Uint8Array|null} [proofOfPossession] EnrolmentRequest proofOfPossession
                 * @property {Array.<gridpact.control.v1.Resource.$Properties>|null} [resources] EnrolmentRequest resources
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an EnrolmentRequest.
                 * @memberof gridpact.control.v1
                 * @interface IEnrolmentRequest
                 * @augments gridpact.control.v1.EnrolmentRequest.$Properties
                 * @deprecated Use gridpact.control.v1.EnrolmentRequest.$Properties instead.
                 */

                /**
                 * Shape of an EnrolmentRequest.
                 * @typedef {gridpact.control.v1.EnrolmentRequest.$Properties} gridpact.control.v1.EnrolmentRequest.$Shape
                 */

                /**
                 * Constructs a new EnrolmentRequest.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents an EnrolmentRequest.
                 * @constructor
                 * @param {gridpact.control.v1.EnrolmentRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const EnrolmentRequest = function (properties) {
                    this.resources = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * EnrolmentRequest deviceId.
                 * @member {string} deviceId
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @instance
                 */
                EnrolmentRequest.prototype.deviceId = "";

                /**
                 * EnrolmentRequest publicKey.
                 * @member {Uint8Array} publicKey
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @instance
                 */
                EnrolmentRequest.prototype.publicKey = $util.newBuffer([]);

                /**
                 * EnrolmentRequest token.
                 * @member {string} token
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @instance
                 */
                EnrolmentRequest.prototype.token = "";

                /**
                 * EnrolmentRequest proofOfPossession.
                 * @member {Uint8Array} proofOfPossession
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @instance
                 */
                EnrolmentRequest.prototype.proofOfPossession = $util.newBuffer([]);

                /**
                 * EnrolmentRequest resources.
                 * @member {Array.<gridpact.control.v1.Resource.$Properties>} resources
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @instance
                 */
                EnrolmentRequest.prototype.resources = $util.emptyArray;

                /**
                 * Creates a new EnrolmentRequest instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @static
                 * @param {gridpact.control.v1.EnrolmentRequest.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.EnrolmentRequest} EnrolmentRequest instance
                 * @type {{
                 *   (properties: gridpact.control.v1.EnrolmentRequest.$Shape): gridpact.control.v1.EnrolmentRequest & gridpact.control.v1.EnrolmentRequest.$Shape;
                 *   (properties?: gridpact.control.v1.EnrolmentRequest.$Properties): gridpact.control.v1.EnrolmentRequest;
                 * }}
                 */
                EnrolmentRequest.create = function(properties) {
                    return new EnrolmentRequest(properties);
                };

                /**
                 * Encodes the specified EnrolmentRequest message. Does not implicitly {@link gridpact.control.v1.EnrolmentRequest.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @static
                 * @param {gridpact.control.v1.EnrolmentRequest.$Properties} message EnrolmentRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                EnrolmentRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.deviceId);
                    if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey") && message.publicKey.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.publicKey);
                    if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.token);
                    if (message.proofOfPossession != null && $Object.hasOwnProperty.call(message, "proofOfPossession") && message.proofOfPossession.length)
                        writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.proofOfPossession);
                    if (message.resources != null && message.resources.length)
                        for (let i = 0; i < message.resources.length; ++i)
                            $root.gridpact.control.v1.Resource.encode(message.resources[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an EnrolmentRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.EnrolmentRequest & gridpact.control.v1.EnrolmentRequest.$Shape} EnrolmentRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                EnrolmentRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.EnrolmentRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.deviceId = value;
                                else
                                    delete message.deviceId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.publicKey = value;
                                else
                                    delete message.publicKey;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.token = value;
                                else
                                    delete message.token;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.proofOfPossession = value;
                                else
                                    delete message.proofOfPossession;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.resources && message.resources.length))
                                    message.resources = [];
                                message.resources.push($root.gridpact.control.v1.Resource.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates an EnrolmentRequest message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.EnrolmentRequest} EnrolmentRequest
                 */
                EnrolmentRequest.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.EnrolmentRequest)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.EnrolmentRequest: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.EnrolmentRequest();
                    if (object.deviceId != null)
                        if (typeof object.deviceId !== "string" || object.deviceId.length)
                            message.deviceId = $String(object.deviceId);
                    if (object.publicKey != null)
                        if (object.publicKey.length)
                            if (typeof object.publicKey === "string")
                                $util.base64.decode(object.publicKey, message.publicKey = $util.newBuffer($util.base64.length(object.publicKey)), 0);
                            else if (object.publicKey.length >= 0)
                                message.publicKey = object.publicKey;
                    if (object.token != null)
                        if (typeof object.token !== "string" || object.token.length)
                            message.token = $String(object.token);
                    if (object.proofOfPossession != null)
                        if (object.proofOfPossession.length)
                            if (typeof object.proofOfPossession === "string")
                                $util.base64.decode(object.proofOfPossession, message.proofOfPossession = $util.newBuffer($util.base64.length(object.proofOfPossession)), 0);
                            else if (object.proofOfPossession.length >= 0)
                                message.proofOfPossession = object.proofOfPossession;
                    if (object.resources) {
                        if (!$Array.isArray(object.resources))
                            throw $TypeError(".gridpact.control.v1.EnrolmentRequest.resources: array expected");
                        message.resources = $Array(object.resources.length);
                        for (let i = 0; i < object.resources.length; ++i) {
                            if (!$util.isObject(object.resources[i]))
                                throw $TypeError(".gridpact.control.v1.EnrolmentRequest.resources: object expected");
                            message.resources[i] = $root.gridpact.control.v1.Resource.fromObject(object.resources[i], _depth + 1);
                        }
                    }
                    return message;
                };

                /**
                 * Creates a plain object from an EnrolmentRequest message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @static
                 * @param {gridpact.control.v1.EnrolmentRequest} message EnrolmentRequest
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                EnrolmentRequest.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.arrays || options.defaults)
                        object.resources = [];
                    if (options.defaults) {
                        object.deviceId = "";
                        if (options.bytes === $String)
                            object.publicKey = "";
                        else {
                            object.publicKey = [];
                            if (options.bytes !== $Array)
                                object.publicKey = $util.newBuffer(object.publicKey);
                        }
                        object.token = "";
                        if (options.bytes === $String)
                            object.proofOfPossession = "";
                        else {
                            object.proofOfPossession = [];
                            if (options.bytes !== $Array)
                                object.proofOfPossession = $util.newBuffer(object.proofOfPossession);
                        }
                    }
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId"))
                        object.deviceId = message.deviceId;
                    if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey"))
                        object.publicKey = options.bytes === $String ? $util.base64.encode(message.publicKey, 0, message.publicKey.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.publicKey) : message.publicKey;
                    if (message.token != null && $Object.hasOwnProperty.call(message, "token"))
                        object.token = message.token;
                    if (message.proofOfPossession != null && $Object.hasOwnProperty.call(message, "proofOfPossession"))
                        object.proofOfPossession = options.bytes === $String ? $util.base64.encode(message.proofOfPossession, 0, message.proofOfPossession.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.proofOfPossession) : message.proofOfPossession;
                    if (message.resources && message.resources.length) {
                        object.resources = $Array(message.resources.length);
                        for (let j = 0; j < message.resources.length; ++j)
                            object.resources[j] = $root.gridpact.control.v1.Resource.toObject(message.resources[j], options, _depth + 1);
                    }
                    return object;
                };

                /**
                 * Converts this EnrolmentRequest to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.EnrolmentRequest
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                EnrolmentRequest.prototype.toJSON = function() {
                    return EnrolmentRequest.toObject(this, $protobuf.util.toJSONOptions);
                };

                return EnrolmentRequest;
            })();

            v1.Resource = (function() {

                /**
                 * Properties of a Resource.
                 * @typedef {Object} gridpact.control.v1.Resource.$Properties
                 * @property {string|null} [resourceId] Resource resourceId
                 * @property {gridpact.control.v1.ResourceKind|null} [kind] Resource kind
                 * @property {number|Long|null} [reduceWMax] Resource reduceWMax
                 * @property {number|Long|null} [reduceWhMax] Resource reduceWhMax
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Resource.
                 * @memberof gridpact.control.v1
                 * @interface IResource
                 * @augments gridpact.control.v1.Resource.$Properties
                 * @deprecated Use gridpact.control.v1.Resource.$Properties instead.
                 */

                /**
                 * Shape of a Resource.
                 * @typedef {gridpact.control.v1.Resource.$Properties} gridpact.control.v1.Resource.$Shape
                 */

                /**
                 * Constructs a new Resource.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a Resource.
                 * @constructor
                 * @param {gridpact.control.v1.Resource.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Resource = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Resource resourceId.
                 * @member {string} resourceId
                 * @memberof gridpact.control.v1.Resource
                 * @instance
                 */
                Resource.prototype.resourceId = "";

                /**
                 * Resource kind.
                 * @member {gridpact.control.v1.ResourceKind} kind
                 * @memberof gridpact.control.v1.Resource
                 * @instance
                 */
                Resource.prototype.kind = 0;

                /**
                 * Resource reduceWMax.
                 * @member {number|Long} reduceWMax
                 * @memberof gridpact.control.v1.Resource
                 * @instance
                 */
                Resource.prototype.reduceWMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Resource reduceWhMax.
                 * @member {number|Long} reduceWhMax
                 * @memberof gridpact.control.v1.Resource
                 * @instance
                 */
                Resource.prototype.reduceWhMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Creates a new Resource instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.Resource
                 * @static
                 * @param {gridpact.control.v1.Resource.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.Resource} Resource instance
                 * @type {{
                 *   (properties: gridpact.control.v1.Resource.$Shape): gridpact.control.v1.Resource & gridpact.control.v1.Resource.$Shape;
                 *   (properties?: gridpact.control.v1.Resource.$Properties): gridpact.control.v1.Resource;
                 * }}
                 */
                Resource.create = function(properties) {
                    return new Resource(properties);
                };

                /**
                 * Encodes the specified Resource message. Does not implicitly {@link gridpact.control.v1.Resource.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.Resource
                 * @static
                 * @param {gridpact.control.v1.Resource.$Properties} message Resource message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Resource.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.resourceId != null && $Object.hasOwnProperty.call(message, "resourceId") && message.resourceId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.resourceId);
                    if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).int32(message.kind);
                    if (message.reduceWMax != null && $Object.hasOwnProperty.call(message, "reduceWMax") && (typeof message.reduceWMax === "object" ? message.reduceWMax.low || message.reduceWMax.high : message.reduceWMax !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.reduceWMax);
                    if (message.reduceWhMax != null && $Object.hasOwnProperty.call(message, "reduceWhMax") && (typeof message.reduceWhMax === "object" ? message.reduceWhMax.low || message.reduceWhMax.high : message.reduceWhMax !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.reduceWhMax);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Resource message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.Resource
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.Resource & gridpact.control.v1.Resource.$Shape} Resource
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Resource.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.Resource();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.resourceId = value;
                                else
                                    delete message.resourceId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.kind = value;
                                else
                                    delete message.kind;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.reduceWMax = value;
                                else
                                    delete message.reduceWMax;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.reduceWhMax = value;
                                else
                                    delete message.reduceWhMax;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a Resource message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.Resource
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.Resource} Resource
                 */
                Resource.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.Resource)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.Resource: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.Resource();
                    if (object.resourceId != null)
                        if (typeof object.resourceId !== "string" || object.resourceId.length)
                            message.resourceId = $String(object.resourceId);
                    if (object.kind !== 0 && (typeof object.kind !== "string" || $root.gridpact.control.v1.ResourceKind[object.kind] !== 0))
                        switch (object.kind) {
                        case "RESOURCE_KIND_UNSPECIFIED":
                        case 0:
                            message.kind = 0;
                            break;
                        case "RESOURCE_KIND_RELAY":
                        case 1:
                            message.kind = 1;
                            break;
                        case "RESOURCE_KIND_DIMMER":
                        case 2:
                            message.kind = 2;
                            break;
                        case "RESOURCE_KIND_HEAT_PUMP":
                        case 3:
                            message.kind = 3;
                            break;
                        case "RESOURCE_KIND_BATTERY":
                        case 4:
                            message.kind = 4;
                            break;
                        case "RESOURCE_KIND_EV":
                        case 5:
                            message.kind = 5;
                            break;
                        default:
                            if (typeof object.kind === "number" && (object.kind | 0) === object.kind)
                                message.kind = object.kind;
                        }
                    if (object.reduceWMax != null)
                        if (typeof object.reduceWMax === "object" ? object.reduceWMax.low || object.reduceWMax.high : $Number(object.reduceWMax) !== 0)
                            if ($util.Long)
                                message.reduceWMax = $util.Long.fromValue(object.reduceWMax, true);
                            else if (typeof object.reduceWMax === "string")
                                message.reduceWMax = $parseInt(object.reduceWMax, 10);
                            else if (typeof object.reduceWMax === "number")
                                message.reduceWMax = object.reduceWMax;
                            else if (typeof object.reduceWMax === "object")
                                message.reduceWMax = new $util.LongBits(object.reduceWMax.low >>> 0, object.reduceWMax.high >>> 0).toNumber(true);
                    if (object.reduceWhMax != null)
                        if (typeof object.reduceWhMax === "object" ? object.reduceWhMax.low || object.reduceWhMax.high : $Number(object.reduceWhMax) !== 0)
                            if ($util.Long)
                                message.reduceWhMax = $util.Long.fromValue(object.reduceWhMax, true);
                            else if (typeof object.reduceWhMax === "string")
                                message.reduceWhMax = $parseInt(object.reduceWhMax, 10);
                            else if (typeof object.reduceWhMax === "number")
                                message.reduceWhMax = object.reduceWhMax;
                            else if (typeof object.reduceWhMax === "object")
                                message.reduceWhMax = new $util.LongBits(object.reduceWhMax.low >>> 0, object.reduceWhMax.high >>> 0).toNumber(true);
                    return message;
                };

                /**
                 * Creates a plain object from a Resource message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.Resource
                 * @static
                 * @param {gridpact.control.v1.Resource} message Resource
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                Resource.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        object.resourceId = "";
                        object.kind = options.enums === $String ? "RESOURCE_KIND_UNSPECIFIED" : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.reduceWMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.reduceWMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.reduceWhMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.reduceWhMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    }
                    if (message.resourceId != null && $Object.hasOwnProperty.call(message, "resourceId"))
                        object.resourceId = message.resourceId;
                    if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                        object.kind = options.enums === $String ? $root.gridpact.control.v1.ResourceKind[message.kind] === $undefined ? message.kind : $root.gridpact.control.v1.ResourceKind[message.kind] : message.kind;
                    if (message.reduceWMax != null && $Object.hasOwnProperty.call(message, "reduceWMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.reduceWMax = typeof message.reduceWMax === "number" ? $BigInt(message.reduceWMax) : $util.Long.fromBits(message.reduceWMax.low >>> 0, message.reduceWMax.high >>> 0, true).toBigInt();
                        else if (typeof message.reduceWMax === "number")
                            object.reduceWMax = options.longs === $String ? $String(message.reduceWMax) : message.reduceWMax;
                        else
                            object.reduceWMax = options.longs === $String ? $util.Long.prototype.toString.call(message.reduceWMax) : options.longs === $Number ? new $util.LongBits(message.reduceWMax.low >>> 0, message.reduceWMax.high >>> 0).toNumber(true) : message.reduceWMax;
                    if (message.reduceWhMax != null && $Object.hasOwnProperty.call(message, "reduceWhMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.reduceWhMax = typeof message.reduceWhMax === "number" ? $BigInt(message.reduceWhMax) : $util.Long.fromBits(message.reduceWhMax.low >>> 0, message.reduceWhMax.high >>> 0, true).toBigInt();
                        else if (typeof message.reduceWhMax === "number")
                            object.reduceWhMax = options.longs === $String ? $String(message.reduceWhMax) : message.reduceWhMax;
                        else
                            object.reduceWhMax = options.longs === $String ? $util.Long.prototype.toString.call(message.reduceWhMax) : options.longs === $Number ? new $util.LongBits(message.reduceWhMax.low >>> 0, message.reduceWhMax.high >>> 0).toNumber(true) : message.reduceWhMax;
                    return object;
                };

                /**
                 * Converts this Resource to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.Resource
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                Resource.prototype.toJSON = function() {
                    return Resource.toObject(this, $protobuf.util.toJSONOptions);
                };

                return Resource;
            })();

            /**
             * ResourceKind enum.
             * @name gridpact.control.v1.ResourceKind
             * @enum {number}
             * @property {number} RESOURCE_KIND_UNSPECIFIED=0 RESOURCE_KIND_UNSPECIFIED value
             * @property {number} RESOURCE_KIND_RELAY=1 RESOURCE_KIND_RELAY value
             * @property {number} RESOURCE_KIND_DIMMER=2 RESOURCE_KIND_DIMMER value
             * @property {number} RESOURCE_KIND_HEAT_PUMP=3 RESOURCE_KIND_HEAT_PUMP value
             * @property {number} RESOURCE_KIND_BATTERY=4 RESOURCE_KIND_BATTERY value
             * @property {number} RESOURCE_KIND_EV=5 RESOURCE_KIND_EV value
             */
            v1.ResourceKind = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "RESOURCE_KIND_UNSPECIFIED"] = 0;
                values[valuesById[1] = "RESOURCE_KIND_RELAY"] = 1;
                values[valuesById[2] = "RESOURCE_KIND_DIMMER"] = 2;
                values[valuesById[3] = "RESOURCE_KIND_HEAT_PUMP"] = 3;
                values[valuesById[4] = "RESOURCE_KIND_BATTERY"] = 4;
                values[valuesById[5] = "RESOURCE_KIND_EV"] = 5;
                return values;
            })();

            v1.Setpoint = (function() {

                /**
                 * Properties of a Setpoint.
                 * @typedef {Object} gridpact.control.v1.Setpoint.$Properties
                 * @property {string|null} [eventId] Setpoint eventId
                 * @property {number|null} [revision] Setpoint revision
                 * @property {Array.<gridpact.control.v1.PowerLimit.$Properties>|null} [limits] Setpoint limits
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Setpoint.
                 * @memberof gridpact.control.v1
                 * @interface ISetpoint
                 * @augments gridpact.control.v1.Setpoint.$Properties
                 * @deprecated Use gridpact.control.v1.Setpoint.$Properties instead.
                 */

                /**
                 * Shape of a Setpoint.
                 * @typedef {gridpact.control.v1.Setpoint.$Properties} gridpact.control.v1.Setpoint.$Shape
                 */

                /**
                 * Constructs a new Setpoint.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a Setpoint.
                 * @constructor
                 * @param {gridpact.control.v1.Setpoint.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Setpoint = function (properties) {
                    this.limits = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Setpoint eventId.
                 * @member {string} eventId
                 * @memberof gridpact.control.v1.Setpoint
                 * @instance
                 */
                Setpoint.prototype.eventId = "";

                /**
                 * Setpoint revision.
                 * @member {number} revision
                 * @memberof gridpact.control.v1.Setpoint
                 * @instance
                 */
                Setpoint.prototype.revision = 0;

                /**
                 * Setpoint limits.
                 * @member {Array.<gridpact.control.v1.PowerLimit.$Properties>} limits
                 * @memberof gridpact.control.v1.Setpoint
                 * @instance
                 */
                Setpoint.prototype.limits = $util.emptyArray;

                /**
                 * Creates a new Setpoint instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.Setpoint
                 * @static
                 * @param {gridpact.control.v1.Setpoint.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.Setpoint} Setpoint instance
                 * @type {{
                 *   (properties: gridpact.control.v1.Setpoint.$Shape): gridpact.control.v1.Setpoint & gridpact.control.v1.Setpoint.$Shape;
                 *   (properties?: gridpact.control.v1.Setpoint.$Properties): gridpact.control.v1.Setpoint;
                 * }}
                 */
                Setpoint.create = function(properties) {
                    return new Setpoint(properties);
                };

                /**
                 * Encodes the specified Setpoint message. Does not implicitly {@link gridpact.control.v1.Setpoint.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.Setpoint
                 * @static
                 * @param {gridpact.control.v1.Setpoint.$Properties} message Setpoint message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Setpoint.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.eventId != null && $Object.hasOwnProperty.call(message, "eventId") && message.eventId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.eventId);
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && message.revision !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.revision);
                    if (message.limits != null && message.limits.length)
                        for (let i = 0; i < message.limits.length; ++i)
                            $root.gridpact.control.v1.PowerLimit.encode(message.limits[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Setpoint message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.Setpoint
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.Setpoint & gridpact.control.v1.Setpoint.$Shape} Setpoint
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Setpoint.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.Setpoint();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.eventId = value;
                                else
                                    delete message.eventId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.revision = value;
                                else
                                    delete message.revision;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.limits && message.limits.length))
                                    message.limits = [];
                                message.limits.push($root.gridpact.control.v1.PowerLimit.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a Setpoint message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.Setpoint
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.Setpoint} Setpoint
                 */
                Setpoint.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.Setpoint)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.Setpoint: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.Setpoint();
                    if (object.eventId != null)
                        if (typeof object.eventId !== "string" || object.eventId.length)
                            message.eventId = $String(object.eventId);
                    if (object.revision != null)
                        if ($Number(object.revision) !== 0)
                            message.revision = object.revision >>> 0;
                    if (object.limits) {
                        if (!$Array.isArray(object.limits))
                            throw $TypeError(".gridpact.control.v1.Setpoint.limits: array expected");
                        message.limits = $Array(object.limits.length);
                        for (let i = 0; i < object.limits.length; ++i) {
                            if (!$util.isObject(object.limits[i]))
                                throw $TypeError(".gridpact.control.v1.Setpoint.limits: object expected");
                            message.limits[i] = $root.gridpact.control.v1.PowerLimit.fromObject(object.limits[i], _depth + 1);
                        }
                    }
                    return message;
                };

                /**
                 * Creates a plain object from a Setpoint message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.Setpoint
                 * @static
                 * @param {gridpact.control.v1.Setpoint} message Setpoint
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                Setpoint.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.arrays || options.defaults)
                        object.limits = [];
                    if (options.defaults) {
                        object.eventId = "";
                        object.revision = 0;
                    }
                    if (message.eventId != null && $Object.hasOwnProperty.call(message, "eventId"))
                        object.eventId = message.eventId;
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision"))
                        object.revision = message.revision;
                    if (message.limits && message.limits.length) {
                        object.limits = $Array(message.limits.length);
                        for (let j = 0; j < message.limits.length; ++j)
                            object.limits[j] = $root.gridpact.control.v1.PowerLimit.toObject(message.limits[j], options, _depth + 1);
                    }
                    return object;
                };

                /**
                 * Converts this Setpoint to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.Setpoint
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                Setpoint.prototype.toJSON = function() {
                    return Setpoint.toObject(this, $protobuf.util.toJSONOptions);
                };

                return Setpoint;
            })();

            v1.PowerLimit = (function() {

                /**
                 * Properties of a PowerLimit.
                 * @typedef {Object} gridpact.control.v1.PowerLimit.$Properties
                 * @property {number|Long|null} [startUnixMs] PowerLimit startUnixMs
                 * @property {number|Long|null} [endUnixMs] PowerLimit endUnixMs
                 * @property {number|Long|null} [importWMax] PowerLimit importWMax
                 * @property {gridpact.control.v1.BalanceBand.$Properties|null} [balance] PowerLimit balance
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PowerLimit.
                 * @memberof gridpact.control.v1
                 * @interface IPowerLimit
                 * @augments gridpact.control.v1.PowerLimit.$Properties
                 * @deprecated Use gridpact.control.v1.PowerLimit.$Properties instead.
                 */

                /**
                 * Shape of a PowerLimit.
                 * @typedef {gridpact.control.v1.PowerLimit.$Properties} gridpact.control.v1.PowerLimit.$Shape
                 */

                /**
                 * Constructs a new PowerLimit.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a PowerLimit.
                 * @constructor
                 * @param {gridpact.control.v1.PowerLimit.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PowerLimit = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PowerLimit startUnixMs.
                 * @member {number|Long} startUnixMs
                 * @memberof gridpact.control.v1.PowerLimit
                 * @instance
                 */
                PowerLimit.prototype.startUnixMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * PowerLimit endUnixMs.
                 * @member {number|Long} endUnixMs
                 * @memberof gridpact.control.v1.PowerLimit
                 * @instance
                 */
                PowerLimit.prototype.endUnixMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * PowerLimit importWMax.
                 * @member {number|Long} importWMax
                 * @memberof gridpact.control.v1.PowerLimit
                 * @instance
                 */
                PowerLimit.prototype.importWMax = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * PowerLimit balance.
                 * @member {gridpact.control.v1.BalanceBand.$Properties|null|undefined} balance
                 * @memberof gridpact.control.v1.PowerLimit
                 * @instance
                 */
                PowerLimit.prototype.balance = null;

                /**
                 * Creates a new PowerLimit instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.PowerLimit
                 * @static
                 * @param {gridpact.control.v1.PowerLimit.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.PowerLimit} PowerLimit instance
                 * @type {{
                 *   (properties: gridpact.control.v1.PowerLimit.$Shape): gridpact.control.v1.PowerLimit & gridpact.control.v1.PowerLimit.$Shape;
                 *   (properties?: gridpact.control.v1.PowerLimit.$Properties): gridpact.control.v1.PowerLimit;
                 * }}
                 */
                PowerLimit.create = function(properties) {
                    return new PowerLimit(properties);
                };

                /**
                 * Encodes the specified PowerLimit message. Does not implicitly {@link gridpact.control.v1.PowerLimit.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.PowerLimit
                 * @static
                 * @param {gridpact.control.v1.PowerLimit.$Properties} message PowerLimit message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PowerLimit.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.startUnixMs != null && $Object.hasOwnProperty.call(message, "startUnixMs") && (typeof message.startUnixMs === "object" ? message.startUnixMs.low || message.startUnixMs.high : message.startUnixMs !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.startUnixMs);
                    if (message.endUnixMs != null && $Object.hasOwnProperty.call(message, "endUnixMs") && (typeof message.endUnixMs === "object" ? message.endUnixMs.low || message.endUnixMs.high : message.endUnixMs !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).int64(message.endUnixMs);
                    if (message.importWMax != null && $Object.hasOwnProperty.call(message, "importWMax") && (typeof message.importWMax === "object" ? message.importWMax.low || message.importWMax.high : message.importWMax !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).sint64(message.importWMax);
                    if (message.balance != null && $Object.hasOwnProperty.call(message, "balance"))
                        $root.gridpact.control.v1.BalanceBand.encode(message.balance, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PowerLimit message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.PowerLimit
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.PowerLimit & gridpact.control.v1.PowerLimit.$Shape} PowerLimit
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PowerLimit.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.PowerLimit();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.startUnixMs = value;
                                else
                                    delete message.startUnixMs;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.endUnixMs = value;
                                else
                                    delete message.endUnixMs;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.importWMax = value;
                                else
                                    delete message.importWMax;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                message.balance = $root.gridpact.control.v1.BalanceBand.decode(reader, reader.size(), $undefined, _depth + 1, message.balance);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a PowerLimit message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.PowerLimit
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.PowerLimit} PowerLimit
                 */
                PowerLimit.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.PowerLimit)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.PowerLimit: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.PowerLimit();
                    if (object.startUnixMs != null)
                        if (typeof object.startUnixMs === "object" ? object.startUnixMs.low || object.startUnixMs.high : $Number(object.startUnixMs) !== 0)
                            if ($util.Long)
                                message.startUnixMs = $util.Long.fromValue(object.startUnixMs, false);
                            else if (typeof object.startUnixMs === "string")
                                message.startUnixMs = $parseInt(object.startUnixMs, 10);
                            else if (typeof object.startUnixMs === "number")
                                message.startUnixMs = object.startUnixMs;
                            else if (typeof object.startUnixMs === "object")
                                message.startUnixMs = new $util.LongBits(object.startUnixMs.low >>> 0, object.startUnixMs.high >>> 0).toNumber();
                    if (object.endUnixMs != null)
                        if (typeof object.endUnixMs === "object" ? object.endUnixMs.low || object.endUnixMs.high : $Number(object.endUnixMs) !== 0)
                            if ($util.Long)
                                message.endUnixMs = $util.Long.fromValue(object.endUnixMs, false);
                            else if (typeof object.endUnixMs === "string")
                                message.endUnixMs = $parseInt(object.endUnixMs, 10);
                            else if (typeof object.endUnixMs === "number")
                                message.endUnixMs = object.endUnixMs;
                            else if (typeof object.endUnixMs === "object")
                                message.endUnixMs = new $util.LongBits(object.endUnixMs.low >>> 0, object.endUnixMs.high >>> 0).toNumber();
                    if (object.importWMax != null)
                        if (typeof object.importWMax === "object" ? object.importWMax.low || object.importWMax.high : $Number(object.importWMax) !== 0)
                            if ($util.Long)
                                message.importWMax = $util.Long.fromValue(object.importWMax, false);
                            else if (typeof object.importWMax === "string")
                                message.importWMax = $parseInt(object.importWMax, 10);
                            else if (typeof object.importWMax === "number")
                                message.importWMax = object.importWMax;
                            else if (typeof object.importWMax === "object")
                                message.importWMax = new $util.LongBits(object.importWMax.low >>> 0, object.importWMax.high >>> 0).toNumber();
                    if (object.balance != null) {
                        if (!$util.isObject(object.balance))
                            throw $TypeError(".gridpact.control.v1.PowerLimit.balance: object expected");
                        message.balance = $root.gridpact.control.v1.BalanceBand.fromObject(object.balance, _depth + 1);
                    }
                    return message;
                };

                /**
                 * Creates a plain object from a PowerLimit message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.PowerLimit
                 * @static
                 * @param {gridpact.control.v1.PowerLimit} message PowerLimit
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                PowerLimit.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.startUnixMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.startUnixMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.endUnixMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.endUnixMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.importWMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.importWMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.balance = null;
                    }
                    if (message.startUnixMs != null && $Object.hasOwnProperty.call(message, "startUnixMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.startUnixMs = typeof message.startUnixMs === "number" ? $BigInt(message.startUnixMs) : $util.Long.fromBits(message.startUnixMs.low >>> 0, message.startUnixMs.high >>> 0, false).toBigInt();
                        else if (typeof message.startUnixMs === "number")
                            object.startUnixMs = options.longs === $String ? $String(message.startUnixMs) : message.startUnixMs;
                        else
                            object.startUnixMs = options.longs === $String ? $util.Long.prototype.toString.call(message.startUnixMs) : options.longs === $Number ? new $util.LongBits(message.startUnixMs.low >>> 0, message.startUnixMs.high >>> 0).toNumber() : message.startUnixMs;
                    if (message.endUnixMs != null && $Object.hasOwnProperty.call(message, "endUnixMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.endUnixMs = typeof message.endUnixMs === "number" ? $BigInt(message.endUnixMs) : $util.Long.fromBits(message.endUnixMs.low >>> 0, message.endUnixMs.high >>> 0, false).toBigInt();
                        else if (typeof message.endUnixMs === "number")
                            object.endUnixMs = options.longs === $String ? $String(message.endUnixMs) : message.endUnixMs;
                        else
                            object.endUnixMs = options.longs === $String ? $util.Long.prototype.toString.call(message.endUnixMs) : options.longs === $Number ? new $util.LongBits(message.endUnixMs.low >>> 0, message.endUnixMs.high >>> 0).toNumber() : message.endUnixMs;
                    if (message.importWMax != null && $Object.hasOwnProperty.call(message, "importWMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.importWMax = typeof message.importWMax === "number" ? $BigInt(message.importWMax) : $util.Long.fromBits(message.importWMax.low >>> 0, message.importWMax.high >>> 0, false).toBigInt();
                        else if (typeof message.importWMax === "number")
                            object.importWMax = options.longs === $String ? $String(message.importWMax) : message.importWMax;
                        else
                            object.importWMax = options.longs === $String ? $util.Long.prototype.toString.call(message.importWMax) : options.longs === $Number ? new $util.LongBits(message.importWMax.low >>> 0, message.importWMax.high >>> 0).toNumber() : message.importWMax;
                    if (message.balance != null && $Object.hasOwnProperty.call(message, "balance"))
                        object.balance = $root.gridpact.control.v1.BalanceBand.toObject(message.balance, options, _depth + 1);
                    return object;
                };

                /**
                 * Converts this PowerLimit to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.PowerLimit
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                PowerLimit.prototype.toJSON = function() {
                    return PowerLimit.toObject(this, $protobuf.util.toJSONOptions);
                };

                return PowerLimit;
            })();

            v1.BalanceBand = (function() {

                /**
                 * Properties of a BalanceBand.
                 * @typedef {Object} gridpact.control.v1.BalanceBand.$Properties
                 * @property {number|Long|null} [importWMin] BalanceBand importWMin
                 * @property {boolean|null} [shiftsLoads] BalanceBand shiftsLoads
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a BalanceBand.
                 * @memberof gridpact.control.v1
                 * @interface IBalanceBand
                 * @augments gridpact.control.v1.BalanceBand.$Properties
                 * @deprecated Use gridpact.control.v1.BalanceBand.$Properties instead.
                 */

                /**
                 * Shape of a BalanceBand.
                 * @typedef {gridpact.control.v1.BalanceBand.$Properties} gridpact.control.v1.BalanceBand.$Shape
                 */

                /**
                 * Constructs a new BalanceBand.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a BalanceBand.
                 * @constructor
                 * @param {gridpact.control.v1.BalanceBand.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const BalanceBand = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * BalanceBand importWMin.
                 * @member {number|Long} importWMin
                 * @memberof gridpact.control.v1.BalanceBand
                 * @instance
                 */
                BalanceBand.prototype.importWMin = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * BalanceBand shiftsLoads.
                 * @member {boolean} shiftsLoads
                 * @memberof gridpact.control.v1.BalanceBand
                 * @instance
                 */
                BalanceBand.prototype.shiftsLoads = false;

                /**
                 * Creates a new BalanceBand instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.BalanceBand
                 * @static
                 * @param {gridpact.control.v1.BalanceBand.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.BalanceBand} BalanceBand instance
                 * @type {{
                 *   (properties: gridpact.control.v1.BalanceBand.$Shape): gridpact.control.v1.BalanceBand & gridpact.control.v1.BalanceBand.$Shape;
                 *   (properties?: gridpact.control.v1.BalanceBand.$Properties): gridpact.control.v1.BalanceBand;
                 * }}
                 */
                BalanceBand.create = function(properties) {
                    return new BalanceBand(properties);
                };

                /**
                 * Encodes the specified BalanceBand message. Does not implicitly {@link gridpact.control.v1.BalanceBand.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.BalanceBand
                 * @static
                 * @param {gridpact.control.v1.BalanceBand.$Properties} message BalanceBand message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                BalanceBand.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.importWMin != null && $Object.hasOwnProperty.call(message, "importWMin") && (typeof message.importWMin === "object" ? message.importWMin.low || message.importWMin.high : message.importWMin !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).sint64(message.importWMin);
                    if (message.shiftsLoads != null && $Object.hasOwnProperty.call(message, "shiftsLoads") && message.shiftsLoads !== false)
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.shiftsLoads);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a BalanceBand message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.BalanceBand
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.BalanceBand & gridpact.control.v1.BalanceBand.$Shape} BalanceBand
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                BalanceBand.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.BalanceBand();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.importWMin = value;
                                else
                                    delete message.importWMin;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.shiftsLoads = value;
                                else
                                    delete message.shiftsLoads;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a BalanceBand message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.BalanceBand
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.BalanceBand} BalanceBand
                 */
                BalanceBand.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.BalanceBand)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.BalanceBand: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.BalanceBand();
                    if (object.importWMin != null)
                        if (typeof object.importWMin === "object" ? object.importWMin.low || object.importWMin.high : $Number(object.importWMin) !== 0)
                            if ($util.Long)
                                message.importWMin = $util.Long.fromValue(object.importWMin, false);
                            else if (typeof object.importWMin === "string")
                                message.importWMin = $parseInt(object.importWMin, 10);
                            else if (typeof object.importWMin === "number")
                                message.importWMin = object.importWMin;
                            else if (typeof object.importWMin === "object")
                                message.importWMin = new $util.LongBits(object.importWMin.low >>> 0, object.importWMin.high >>> 0).toNumber();
                    if (object.shiftsLoads != null)
                        if (object.shiftsLoads)
                            message.shiftsLoads = $Boolean(object.shiftsLoads);
                    return message;
                };

                /**
                 * Creates a plain object from a BalanceBand message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.BalanceBand
                 * @static
                 * @param {gridpact.control.v1.BalanceBand} message BalanceBand
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                BalanceBand.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.importWMin = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.importWMin = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.shiftsLoads = false;
                    }
                    if (message.importWMin != null && $Object.hasOwnProperty.call(message, "importWMin"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.importWMin = typeof message.importWMin === "number" ? $BigInt(message.importWMin) : $util.Long.fromBits(message.importWMin.low >>> 0, message.importWMin.high >>> 0, false).toBigInt();
                        else if (typeof message.importWMin === "number")
                            object.importWMin = options.longs === $String ? $String(message.importWMin) : message.importWMin;
                        else
                            object.importWMin = options.longs === $String ? $util.Long.prototype.toString.call(message.importWMin) : options.longs === $Number ? new $util.LongBits(message.importWMin.low >>> 0, message.importWMin.high >>> 0).toNumber() : message.importWMin;
                    if (message.shiftsLoads != null && $Object.hasOwnProperty.call(message, "shiftsLoads"))
                        object.shiftsLoads = message.shiftsLoads;
                    return object;
                };

                /**
                 * Converts this BalanceBand to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.BalanceBand
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                BalanceBand.prototype.toJSON = function() {
                    return BalanceBand.toObject(this, $protobuf.util.toJSONOptions);
                };

                return BalanceBand;
            })();

            v1.BalanceStatement = (function() {

                /**
                 * Properties of a BalanceStatement.
                 * @typedef {Object} gridpact.control.v1.BalanceStatement.$Properties
                 * @property {number|Long|null} [statedAtUnixMs] BalanceStatement statedAtUnixMs
                 * @property {number|Long|null} [storedWh] BalanceStatement storedWh
                 * @property {number|Long|null} [storedWhMax] BalanceStatement storedWhMax
                 * @property {number|Long|null} [storageWMax] BalanceStatement storageWMax
                 * @property {number|null} [efficiencyPerMille] BalanceStatement efficiencyPerMille
                 * @property {number|Long|null} [waitingWh] BalanceStatement waitingWh
                 * @property {number|Long|null} [loadW] BalanceStatement loadW
                 * @property {number|Long|null} [loadWMax] BalanceStatement loadWMax
                 * @property {number|Long|null} [readyByUnixMs] BalanceStatement readyByUnixMs
                 * @property {number|Long|null} [movedWh] BalanceStatement movedWh
                 * @property {number|null} [opening] BalanceStatement opening
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a BalanceStatement.
                 * @memberof gridpact.control.v1
                 * @interface IBalanceStatement
                 * @augments gridpact.control.v1.BalanceStatement.$Properties
                 * @deprecated Use gridpact.control.v1.BalanceStatement.$Properties instead.
                 */

                /**
                 * Shape of a BalanceStatement.
                 * @typedef {gridpact.control.v1.BalanceStatement.$Properties} gridpact.control.v1.BalanceStatement.$Shape
                 */

                /**
                 * Constructs a new BalanceStatement.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a BalanceStatement.
                 * @constructor
                 * @param {gridpact.control.v1.BalanceStatement.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const BalanceStatement = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * BalanceStatement statedAtUnixMs.
                 * @member {number|Long} statedAtUnixMs
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.statedAtUnixMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * BalanceStatement storedWh.
                 * @member {number|Long} storedWh
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.storedWh = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * BalanceStatement storedWhMax.
                 * @member {number|Long} storedWhMax
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.storedWhMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * BalanceStatement storageWMax.
                 * @member {number|Long} storageWMax
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.storageWMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * BalanceStatement efficiencyPerMille.
                 * @member {number} efficiencyPerMille
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.efficiencyPerMille = 0;

                /**
                 * BalanceStatement waitingWh.
                 * @member {number|Long} waitingWh
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.waitingWh = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * BalanceStatement loadW.
                 * @member {number|Long} loadW
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.loadW = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * BalanceStatement loadWMax.
                 * @member {number|Long} loadWMax
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.loadWMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * BalanceStatement readyByUnixMs.
                 * @member {number|Long} readyByUnixMs
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.readyByUnixMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * BalanceStatement movedWh.
                 * @member {number|Long} movedWh
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.movedWh = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * BalanceStatement opening.
                 * @member {number} opening
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 */
                BalanceStatement.prototype.opening = 0;

                /**
                 * Creates a new BalanceStatement instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @static
                 * @param {gridpact.control.v1.BalanceStatement.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.BalanceStatement} BalanceStatement instance
                 * @type {{
                 *   (properties: gridpact.control.v1.BalanceStatement.$Shape): gridpact.control.v1.BalanceStatement & gridpact.control.v1.BalanceStatement.$Shape;
                 *   (properties?: gridpact.control.v1.BalanceStatement.$Properties): gridpact.control.v1.BalanceStatement;
                 * }}
                 */
                BalanceStatement.create = function(properties) {
                    return new BalanceStatement(properties);
                };

                /**
                 * Encodes the specified BalanceStatement message. Does not implicitly {@link gridpact.control.v1.BalanceStatement.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @static
                 * @param {gridpact.control.v1.BalanceStatement.$Properties} message BalanceStatement message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                BalanceStatement.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.statedAtUnixMs != null && $Object.hasOwnProperty.call(message, "statedAtUnixMs") && (typeof message.statedAtUnixMs === "object" ? message.statedAtUnixMs.low || message.statedAtUnixMs.high : message.statedAtUnixMs !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.statedAtUnixMs);
                    if (message.storedWh != null && $Object.hasOwnProperty.call(message, "storedWh") && (typeof message.storedWh === "object" ? message.storedWh.low || message.storedWh.high : message.storedWh !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.storedWh);
                    if (message.storedWhMax != null && $Object.hasOwnProperty.call(message, "storedWhMax") && (typeof message.storedWhMax === "object" ? message.storedWhMax.low || message.storedWhMax.high : message.storedWhMax !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.storedWhMax);
                    if (message.storageWMax != null && $Object.hasOwnProperty.call(message, "storageWMax") && (typeof message.storageWMax === "object" ? message.storageWMax.low || message.storageWMax.high : message.storageWMax !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.storageWMax);
                    if (message.efficiencyPerMille != null && $Object.hasOwnProperty.call(message, "efficiencyPerMille") && message.efficiencyPerMille !== 0)
                        writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.efficiencyPerMille);
                    if (message.waitingWh != null && $Object.hasOwnProperty.call(message, "waitingWh") && (typeof message.waitingWh === "object" ? message.waitingWh.low || message.waitingWh.high : message.waitingWh !== 0))
                        writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.waitingWh);
                    if (message.loadW != null && $Object.hasOwnProperty.call(message, "loadW") && (typeof message.loadW === "object" ? message.loadW.low || message.loadW.high : message.loadW !== 0))
                        writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.loadW);
                    if (message.loadWMax != null && $Object.hasOwnProperty.call(message, "loadWMax") && (typeof message.loadWMax === "object" ? message.loadWMax.low || message.loadWMax.high : message.loadWMax !== 0))
                        writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.loadWMax);
                    if (message.readyByUnixMs != null && $Object.hasOwnProperty.call(message, "readyByUnixMs") && (typeof message.readyByUnixMs === "object" ? message.readyByUnixMs.low || message.readyByUnixMs.high : message.readyByUnixMs !== 0))
                        writer.uint32(/* id 9, wireType 0 =*/72).int64(message.readyByUnixMs);
                    if (message.movedWh != null && $Object.hasOwnProperty.call(message, "movedWh") && (typeof message.movedWh === "object" ? message.movedWh.low || message.movedWh.high : message.movedWh !== 0))
                        writer.uint32(/* id 10, wireType 0 =*/80).sint64(message.movedWh);
                    if (message.opening != null && $Object.hasOwnProperty.call(message, "opening") && message.opening !== 0)
                        writer.uint32(/* id 11, wireType 0 =*/88).uint32(message.opening);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a BalanceStatement message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.BalanceStatement & gridpact.control.v1.BalanceStatement.$Shape} BalanceStatement
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                BalanceStatement.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.BalanceStatement();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.statedAtUnixMs = value;
                                else
                                    delete message.statedAtUnixMs;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.storedWh = value;
                                else
                                    delete message.storedWh;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.storedWhMax = value;
                                else
                                    delete message.storedWhMax;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.storageWMax = value;
                                else
                                    delete message.storageWMax;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.efficiencyPerMille = value;
                                else
                                    delete message.efficiencyPerMille;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.waitingWh = value;
                                else
                                    delete message.waitingWh;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.loadW = value;
                                else
                                    delete message.loadW;
                                continue;
                            }
                        case 8: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.loadWMax = value;
                                else
                                    delete message.loadWMax;
                                continue;
                            }
                        case 9: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.readyByUnixMs = value;
                                else
                                    delete message.readyByUnixMs;
                                continue;
                            }
                        case 10: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.movedWh = value;
                                else
                                    delete message.movedWh;
                                continue;
                            }
                        case 11: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.opening = value;
                                else
                                    delete message.opening;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a BalanceStatement message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.BalanceStatement} BalanceStatement
                 */
                BalanceStatement.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.BalanceStatement)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.BalanceStatement: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.BalanceStatement();
                    if (object.statedAtUnixMs != null)
                        if (typeof object.statedAtUnixMs === "object" ? object.statedAtUnixMs.low || object.statedAtUnixMs.high : $Number(object.statedAtUnixMs) !== 0)
                            if ($util.Long)
                                message.statedAtUnixMs = $util.Long.fromValue(object.statedAtUnixMs, false);
                            else if (typeof object.statedAtUnixMs === "string")
                                message.statedAtUnixMs = $parseInt(object.statedAtUnixMs, 10);
                            else if (typeof object.statedAtUnixMs === "number")
                                message.statedAtUnixMs = object.statedAtUnixMs;
                            else if (typeof object.statedAtUnixMs === "object")
                                message.statedAtUnixMs = new $util.LongBits(object.statedAtUnixMs.low >>> 0, object.statedAtUnixMs.high >>> 0).toNumber();
                    if (object.storedWh != null)
                        if (typeof object.storedWh === "object" ? object.storedWh.low || object.storedWh.high : $Number(object.storedWh) !== 0)
                            if ($util.Long)
                                message.storedWh = $util.Long.fromValue(object.storedWh, true);
                            else if (typeof object.storedWh === "string")
                                message.storedWh = $parseInt(object.storedWh, 10);
                            else if (typeof object.storedWh === "number")
                                message.storedWh = object.storedWh;
                            else if (typeof object.storedWh === "object")
                                message.storedWh = new $util.LongBits(object.storedWh.low >>> 0, object.storedWh.high >>> 0).toNumber(true);
                    if (object.storedWhMax != null)
                        if (typeof object.storedWhMax === "object" ? object.storedWhMax.low || object.storedWhMax.high : $Number(object.storedWhMax) !== 0)
                            if ($util.Long)
                                message.storedWhMax = $util.Long.fromValue(object.storedWhMax, true);
                            else if (typeof object.storedWhMax === "string")
                                message.storedWhMax = $parseInt(object.storedWhMax, 10);
                            else if (typeof object.storedWhMax === "number")
                                message.storedWhMax = object.storedWhMax;
                            else if (typeof object.storedWhMax === "object")
                                message.storedWhMax = new $util.LongBits(object.storedWhMax.low >>> 0, object.storedWhMax.high >>> 0).toNumber(true);
                    if (object.storageWMax != null)
                        if (typeof object.storageWMax === "object" ? object.storageWMax.low || object.storageWMax.high : $Number(object.storageWMax) !== 0)
                            if ($util.Long)
                                message.storageWMax = $util.Long.fromValue(object.storageWMax, true);
                            else if (typeof object.storageWMax === "string")
                                message.storageWMax = $parseInt(object.storageWMax, 10);
                            else if (typeof object.storageWMax === "number")
                                message.storageWMax = object.storageWMax;
                            else if (typeof object.storageWMax === "object")
                                message.storageWMax = new $util.LongBits(object.storageWMax.low >>> 0, object.storageWMax.high >>> 0).toNumber(true);
                    if (object.efficiencyPerMille != null)
                        if ($Number(object.efficiencyPerMille) !== 0)
                            message.efficiencyPerMille = object.efficiencyPerMille >>> 0;
                    if (object.waitingWh != null)
                        if (typeof object.waitingWh === "object" ? object.waitingWh.low || object.waitingWh.high : $Number(object.waitingWh) !== 0)
                            if ($util.Long)
                                message.waitingWh = $util.Long.fromValue(object.waitingWh, true);
                            else if (typeof object.waitingWh === "string")
                                message.waitingWh = $parseInt(object.waitingWh, 10);
                            else if (typeof object.waitingWh === "number")
                                message.waitingWh = object.waitingWh;
                            else if (typeof object.waitingWh === "object")
                                message.waitingWh = new $util.LongBits(object.waitingWh.low >>> 0, object.waitingWh.high >>> 0).toNumber(true);
                    if (object.loadW != null)
                        if (typeof object.loadW === "object" ? object.loadW.low || object.loadW.high : $Number(object.loadW) !== 0)
                            if ($util.Long)
                                message.loadW = $util.Long.fromValue(object.loadW, true);
                            else if (typeof object.loadW === "string")
                                message.loadW = $parseInt(object.loadW, 10);
                            else if (typeof object.loadW === "number")
                                message.loadW = object.loadW;
                            else if (typeof object.loadW === "object")
                                message.loadW = new $util.LongBits(object.loadW.low >>> 0, object.loadW.high >>> 0).toNumber(true);
                    if (object.loadWMax != null)
                        if (typeof object.loadWMax === "object" ? object.loadWMax.low || object.loadWMax.high : $Number(object.loadWMax) !== 0)
                            if ($util.Long)
                                message.loadWMax = $util.Long.fromValue(object.loadWMax, true);
                            else if (typeof object.loadWMax === "string")
                                message.loadWMax = $parseInt(object.loadWMax, 10);
                            else if (typeof object.loadWMax === "number")
                                message.loadWMax = object.loadWMax;
                            else if (typeof object.loadWMax === "object")
                                message.loadWMax = new $util.LongBits(object.loadWMax.low >>> 0, object.loadWMax.high >>> 0).toNumber(true);
                    if (object.readyByUnixMs != null)
                        if (typeof object.readyByUnixMs === "object" ? object.readyByUnixMs.low || object.readyByUnixMs.high : $Number(object.readyByUnixMs) !== 0)
                            if ($util.Long)
                                message.readyByUnixMs = $util.Long.fromValue(object.readyByUnixMs, false);
                            else if (typeof object.readyByUnixMs === "string")
                                message.readyByUnixMs = $parseInt(object.readyByUnixMs, 10);
                            else if (typeof object.readyByUnixMs === "number")
                                message.readyByUnixMs = object.readyByUnixMs;
                            else if (typeof object.readyByUnixMs === "object")
                                message.readyByUnixMs = new $util.LongBits(object.readyByUnixMs.low >>> 0, object.readyByUnixMs.high >>> 0).toNumber();
                    if (object.movedWh != null)
                        if (typeof object.movedWh === "object" ? object.movedWh.low || object.movedWh.high : $Number(object.movedWh) !== 0)
                            if ($util.Long)
                                message.movedWh = $util.Long.fromValue(object.movedWh, false);
                            else if (typeof object.movedWh === "string")
                                message.movedWh = $parseInt(object.movedWh, 10);
                            else if (typeof object.movedWh === "number")
                                message.movedWh = object.movedWh;
                            else if (typeof object.movedWh === "object")
                                message.movedWh = new $util.LongBits(object.movedWh.low >>> 0, object.movedWh.high >>> 0).toNumber();
                    if (object.opening != null)
                        if ($Number(object.opening) !== 0)
                            message.opening = object.opening >>> 0;
                    return message;
                };

                /**
                 * Creates a plain object from a BalanceStatement message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @static
                 * @param {gridpact.control.v1.BalanceStatement} message BalanceStatement
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                BalanceStatement.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.statedAtUnixMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.statedAtUnixMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.storedWh = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.storedWh = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.storedWhMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.storedWhMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.storageWMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.storageWMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.efficiencyPerMille = 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.waitingWh = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.waitingWh = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.loadW = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.loadW = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.loadWMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.loadWMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.readyByUnixMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.readyByUnixMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.movedWh = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.movedWh = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.opening = 0;
                    }
                    if (message.statedAtUnixMs != null && $Object.hasOwnProperty.call(message, "statedAtUnixMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.statedAtUnixMs = typeof message.statedAtUnixMs === "number" ? $BigInt(message.statedAtUnixMs) : $util.Long.fromBits(message.statedAtUnixMs.low >>> 0, message.statedAtUnixMs.high >>> 0, false).toBigInt();
                        else if (typeof message.statedAtUnixMs === "number")
                            object.statedAtUnixMs = options.longs === $String ? $String(message.statedAtUnixMs) : message.statedAtUnixMs;
                        else
                            object.statedAtUnixMs = options.longs === $String ? $util.Long.prototype.toString.call(message.statedAtUnixMs) : options.longs === $Number ? new $util.LongBits(message.statedAtUnixMs.low >>> 0, message.statedAtUnixMs.high >>> 0).toNumber() : message.statedAtUnixMs;
                    if (message.storedWh != null && $Object.hasOwnProperty.call(message, "storedWh"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.storedWh = typeof message.storedWh === "number" ? $BigInt(message.storedWh) : $util.Long.fromBits(message.storedWh.low >>> 0, message.storedWh.high >>> 0, true).toBigInt();
                        else if (typeof message.storedWh === "number")
                            object.storedWh = options.longs === $String ? $String(message.storedWh) : message.storedWh;
                        else
                            object.storedWh = options.longs === $String ? $util.Long.prototype.toString.call(message.storedWh) : options.longs === $Number ? new $util.LongBits(message.storedWh.low >>> 0, message.storedWh.high >>> 0).toNumber(true) : message.storedWh;
                    if (message.storedWhMax != null && $Object.hasOwnProperty.call(message, "storedWhMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.storedWhMax = typeof message.storedWhMax === "number" ? $BigInt(message.storedWhMax) : $util.Long.fromBits(message.storedWhMax.low >>> 0, message.storedWhMax.high >>> 0, true).toBigInt();
                        else if (typeof message.storedWhMax === "number")
                            object.storedWhMax = options.longs === $String ? $String(message.storedWhMax) : message.storedWhMax;
                        else
                            object.storedWhMax = options.longs === $String ? $util.Long.prototype.toString.call(message.storedWhMax) : options.longs === $Number ? new $util.LongBits(message.storedWhMax.low >>> 0, message.storedWhMax.high >>> 0).toNumber(true) : message.storedWhMax;
                    if (message.storageWMax != null && $Object.hasOwnProperty.call(message, "storageWMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.storageWMax = typeof message.storageWMax === "number" ? $BigInt(message.storageWMax) : $util.Long.fromBits(message.storageWMax.low >>> 0, message.storageWMax.high >>> 0, true).toBigInt();
                        else if (typeof message.storageWMax === "number")
                            object.storageWMax = options.longs === $String ? $String(message.storageWMax) : message.storageWMax;
                        else
                            object.storageWMax = options.longs === $String ? $util.Long.prototype.toString.call(message.storageWMax) : options.longs === $Number ? new $util.LongBits(message.storageWMax.low >>> 0, message.storageWMax.high >>> 0).toNumber(true) : message.storageWMax;
                    if (message.efficiencyPerMille != null && $Object.hasOwnProperty.call(message, "efficiencyPerMille"))
                        object.efficiencyPerMille = message.efficiencyPerMille;
                    if (message.waitingWh != null && $Object.hasOwnProperty.call(message, "waitingWh"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.waitingWh = typeof message.waitingWh === "number" ? $BigInt(message.waitingWh) : $util.Long.fromBits(message.waitingWh.low >>> 0, message.waitingWh.high >>> 0, true).toBigInt();
                        else if (typeof message.waitingWh === "number")
                            object.waitingWh = options.longs === $String ? $String(message.waitingWh) : message.waitingWh;
                        else
                            object.waitingWh = options.longs === $String ? $util.Long.prototype.toString.call(message.waitingWh) : options.longs === $Number ? new $util.LongBits(message.waitingWh.low >>> 0, message.waitingWh.high >>> 0).toNumber(true) : message.waitingWh;
                    if (message.loadW != null && $Object.hasOwnProperty.call(message, "loadW"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.loadW = typeof message.loadW === "number" ? $BigInt(message.loadW) : $util.Long.fromBits(message.loadW.low >>> 0, message.loadW.high >>> 0, true).toBigInt();
                        else if (typeof message.loadW === "number")
                            object.loadW = options.longs === $String ? $String(message.loadW) : message.loadW;
                        else
                            object.loadW = options.longs === $String ? $util.Long.prototype.toString.call(message.loadW) : options.longs === $Number ? new $util.LongBits(message.loadW.low >>> 0, message.loadW.high >>> 0).toNumber(true) : message.loadW;
                    if (message.loadWMax != null && $Object.hasOwnProperty.call(message, "loadWMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.loadWMax = typeof message.loadWMax === "number" ? $BigInt(message.loadWMax) : $util.Long.fromBits(message.loadWMax.low >>> 0, message.loadWMax.high >>> 0, true).toBigInt();
                        else if (typeof message.loadWMax === "number")
                            object.loadWMax = options.longs === $String ? $String(message.loadWMax) : message.loadWMax;
                        else
                            object.loadWMax = options.longs === $String ? $util.Long.prototype.toString.call(message.loadWMax) : options.longs === $Number ? new $util.LongBits(message.loadWMax.low >>> 0, message.loadWMax.high >>> 0).toNumber(true) : message.loadWMax;
                    if (message.readyByUnixMs != null && $Object.hasOwnProperty.call(message, "readyByUnixMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.readyByUnixMs = typeof message.readyByUnixMs === "number" ? $BigInt(message.readyByUnixMs) : $util.Long.fromBits(message.readyByUnixMs.low >>> 0, message.readyByUnixMs.high >>> 0, false).toBigInt();
                        else if (typeof message.readyByUnixMs === "number")
                            object.readyByUnixMs = options.longs === $String ? $String(message.readyByUnixMs) : message.readyByUnixMs;
                        else
                            object.readyByUnixMs = options.longs === $String ? $util.Long.prototype.toString.call(message.readyByUnixMs) : options.longs === $Number ? new $util.LongBits(message.readyByUnixMs.low >>> 0, message.readyByUnixMs.high >>> 0).toNumber() : message.readyByUnixMs;
                    if (message.movedWh != null && $Object.hasOwnProperty.call(message, "movedWh"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.movedWh = typeof message.movedWh === "number" ? $BigInt(message.movedWh) : $util.Long.fromBits(message.movedWh.low >>> 0, message.movedWh.high >>> 0, false).toBigInt();
                        else if (typeof message.movedWh === "number")
                            object.movedWh = options.longs === $String ? $String(message.movedWh) : message.movedWh;
                        else
                            object.movedWh = options.longs === $String ? $util.Long.prototype.toString.call(message.movedWh) : options.longs === $Number ? new $util.LongBits(message.movedWh.low >>> 0, message.movedWh.high >>> 0).toNumber() : message.movedWh;
                    if (message.opening != null && $Object.hasOwnProperty.call(message, "opening"))
                        object.opening = message.opening;
                    return object;
                };

                /**
                 * Converts this BalanceStatement to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.BalanceStatement
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                BalanceStatement.prototype.toJSON = function() {
                    return BalanceStatement.toObject(this, $protobuf.util.toJSONOptions);
                };

                return BalanceStatement;
            })();

            v1.FlexibilityStatement = (function() {

                /**
                 * Properties of a FlexibilityStatement.
                 * @typedef {Object} gridpact.control.v1.FlexibilityStatement.$Properties
                 * @property {number|null} [revision] FlexibilityStatement revision
                 * @property {number|null} [eventsLearned] FlexibilityStatement eventsLearned
                 * @property {number|null} [mtuMs] FlexibilityStatement mtuMs
                 * @property {Array.<number|Long>|null} [deliverableWh] FlexibilityStatement deliverableWh
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a FlexibilityStatement.
                 * @memberof gridpact.control.v1
                 * @interface IFlexibilityStatement
                 * @augments gridpact.control.v1.FlexibilityStatement.$Properties
                 * @deprecated Use gridpact.control.v1.FlexibilityStatement.$Properties instead.
                 */

                /**
                 * Shape of a FlexibilityStatement.
                 * @typedef {gridpact.control.v1.FlexibilityStatement.$Properties} gridpact.control.v1.FlexibilityStatement.$Shape
                 */

                /**
                 * Constructs a new FlexibilityStatement.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a FlexibilityStatement.
                 * @constructor
                 * @param {gridpact.control.v1.FlexibilityStatement.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const FlexibilityStatement = function (properties) {
                    this.deliverableWh = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * FlexibilityStatement revision.
                 * @member {number} revision
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @instance
                 */
                FlexibilityStatement.prototype.revision = 0;

                /**
                 * FlexibilityStatement eventsLearned.
                 * @member {number} eventsLearned
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @instance
                 */
                FlexibilityStatement.prototype.eventsLearned = 0;

                /**
                 * FlexibilityStatement mtuMs.
                 * @member {number} mtuMs
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @instance
                 */
                FlexibilityStatement.prototype.mtuMs = 0;

                /**
                 * FlexibilityStatement deliverableWh.
                 * @member {Array.<number|Long>} deliverableWh
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @instance
                 */
                FlexibilityStatement.prototype.deliverableWh = $util.emptyArray;

                /**
                 * Creates a new FlexibilityStatement instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @static
                 * @param {gridpact.control.v1.FlexibilityStatement.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.FlexibilityStatement} FlexibilityStatement instance
                 * @type {{
                 *   (properties: gridpact.control.v1.FlexibilityStatement.$Shape): gridpact.control.v1.FlexibilityStatement & gridpact.control.v1.FlexibilityStatement.$Shape;
                 *   (properties?: gridpact.control.v1.FlexibilityStatement.$Properties): gridpact.control.v1.FlexibilityStatement;
                 * }}
                 */
                FlexibilityStatement.create = function(properties) {
                    return new FlexibilityStatement(properties);
                };

                /**
                 * Encodes the specified FlexibilityStatement message. Does not implicitly {@link gridpact.control.v1.FlexibilityStatement.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @static
                 * @param {gridpact.control.v1.FlexibilityStatement.$Properties} message FlexibilityStatement message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                FlexibilityStatement.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && message.revision !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.revision);
                    if (message.eventsLearned != null && $Object.hasOwnProperty.call(message, "eventsLearned") && message.eventsLearned !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.eventsLearned);
                    if (message.mtuMs != null && $Object.hasOwnProperty.call(message, "mtuMs") && message.mtuMs !== 0)
                        writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.mtuMs);
                    if (message.deliverableWh != null && message.deliverableWh.length)
                        writer.uint32(/* id 4, wireType 2 =*/34).uint64s(message.deliverableWh);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a FlexibilityStatement message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.FlexibilityStatement & gridpact.control.v1.FlexibilityStatement.$Shape} FlexibilityStatement
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                FlexibilityStatement.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.FlexibilityStatement();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.revision = value;
                                else
                                    delete message.revision;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.eventsLearned = value;
                                else
                                    delete message.eventsLearned;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.mtuMs = value;
                                else
                                    delete message.mtuMs;
                                continue;
                            }
                        case 4: {
                                if (wireType === 2) {
                                    if (!(message.deliverableWh && message.deliverableWh.length))
                                        message.deliverableWh = [];
                                    reader.uint64s(message.deliverableWh);
                                    continue;
                                }
                                if (wireType !== 0)
                                    break;
                                if (!(message.deliverableWh && message.deliverableWh.length))
                                    message.deliverableWh = [];
                                message.deliverableWh.push(reader.uint64());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a FlexibilityStatement message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.FlexibilityStatement} FlexibilityStatement
                 */
                FlexibilityStatement.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.FlexibilityStatement)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.FlexibilityStatement: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.FlexibilityStatement();
                    if (object.revision != null)
                        if ($Number(object.revision) !== 0)
                            message.revision = object.revision >>> 0;
                    if (object.eventsLearned != null)
                        if ($Number(object.eventsLearned) !== 0)
                            message.eventsLearned = object.eventsLearned >>> 0;
                    if (object.mtuMs != null)
                        if ($Number(object.mtuMs) !== 0)
                            message.mtuMs = object.mtuMs >>> 0;
                    if (object.deliverableWh) {
                        if (!$Array.isArray(object.deliverableWh))
                            throw $TypeError(".gridpact.control.v1.FlexibilityStatement.deliverableWh: array expected");
                        message.deliverableWh = $Array(object.deliverableWh.length);
                        for (let i = 0; i < object.deliverableWh.length; ++i)
                            if ($util.Long)
                                message.deliverableWh[i] = $util.Long.fromValue(object.deliverableWh[i], true);
                            else if (typeof object.deliverableWh[i] === "string")
                                message.deliverableWh[i] = $parseInt(object.deliverableWh[i], 10);
                            else if (typeof object.deliverableWh[i] === "number")
                                message.deliverableWh[i] = object.deliverableWh[i];
                            else if (typeof object.deliverableWh[i] === "object")
                                message.deliverableWh[i] = new $util.LongBits(object.deliverableWh[i].low >>> 0, object.deliverableWh[i].high >>> 0).toNumber(true);
                    }
                    return message;
                };

                /**
                 * Creates a plain object from a FlexibilityStatement message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @static
                 * @param {gridpact.control.v1.FlexibilityStatement} message FlexibilityStatement
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                FlexibilityStatement.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.arrays || options.defaults)
                        object.deliverableWh = [];
                    if (options.defaults) {
                        object.revision = 0;
                        object.eventsLearned = 0;
                        object.mtuMs = 0;
                    }
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision"))
                        object.revision = message.revision;
                    if (message.eventsLearned != null && $Object.hasOwnProperty.call(message, "eventsLearned"))
                        object.eventsLearned = message.eventsLearned;
                    if (message.mtuMs != null && $Object.hasOwnProperty.call(message, "mtuMs"))
                        object.mtuMs = message.mtuMs;
                    if (message.deliverableWh && message.deliverableWh.length) {
                        object.deliverableWh = $Array(message.deliverableWh.length);
                        for (let j = 0; j < message.deliverableWh.length; ++j)
                            if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                                object.deliverableWh[j] = typeof message.deliverableWh[j] === "number" ? $BigInt(message.deliverableWh[j]) : $util.Long.fromBits(message.deliverableWh[j].low >>> 0, message.deliverableWh[j].high >>> 0, true).toBigInt();
                            else if (typeof message.deliverableWh[j] === "number")
                                object.deliverableWh[j] = options.longs === $String ? $String(message.deliverableWh[j]) : message.deliverableWh[j];
                            else
                                object.deliverableWh[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.deliverableWh[j]) : options.longs === $Number ? new $util.LongBits(message.deliverableWh[j].low >>> 0, message.deliverableWh[j].high >>> 0).toNumber(true) : message.deliverableWh[j];
                    }
                    return object;
                };

                /**
                 * Converts this FlexibilityStatement to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.FlexibilityStatement
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                FlexibilityStatement.prototype.toJSON = function() {
                    return FlexibilityStatement.toObject(this, $protobuf.util.toJSONOptions);
                };

                return FlexibilityStatement;
            })();

            v1.SignRequest = (function() {

                /**
                 * Properties of a SignRequest.
                 * @typedef {Object} gridpact.control.v1.SignRequest.$Properties
                 * @property {string|null} [requestId] SignRequest requestId
                 * @property {gridpact.control.v1.SignStage|null} [stage] SignRequest stage
                 * @property {Uint8Array|null} [message] SignRequest message
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a SignRequest.
                 * @memberof gridpact.control.v1
                 * @interface ISignRequest
                 * @augments gridpact.control.v1.SignRequest.$Properties
                 * @deprecated Use gridpact.control.v1.SignRequest.$Properties instead.
                 */

                /**
                 * Shape of a SignRequest.
                 * @typedef {gridpact.control.v1.SignRequest.$Properties} gridpact.control.v1.SignRequest.$Shape
                 */

                /**
                 * Constructs a new SignRequest.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a SignRequest.
                 * @constructor
                 * @param {gridpact.control.v1.SignRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const SignRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * SignRequest requestId.
                 * @member {string} requestId
                 * @memberof gridpact.control.v1.SignRequest
                 * @instance
                 */
                SignRequest.prototype.requestId = "";

                /**
                 * SignRequest stage.
                 * @member {gridpact.control.v1.SignStage} stage
                 * @memberof gridpact.control.v1.SignRequest
                 * @instance
                 */
                SignRequest.prototype.stage = 0;

                /**
                 * SignRequest message.
                 * @member {Uint8Array} message
                 * @memberof gridpact.control.v1.SignRequest
                 * @instance
                 */
                SignRequest.prototype.message = $util.newBuffer([]);

                /**
                 * Creates a new SignRequest instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.SignRequest
                 * @static
                 * @param {gridpact.control.v1.SignRequest.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.SignRequest} SignRequest instance
                 * @type {{
                 *   (properties: gridpact.control.v1.SignRequest.$Shape): gridpact.control.v1.SignRequest & gridpact.control.v1.SignRequest.$Shape;
                 *   (properties?: gridpact.control.v1.SignRequest.$Properties): gridpact.control.v1.SignRequest;
                 * }}
                 */
                SignRequest.create = function(properties) {
                    return new SignRequest(properties);
                };

                /**
                 * Encodes the specified SignRequest message. Does not implicitly {@link gridpact.control.v1.SignRequest.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.SignRequest
                 * @static
                 * @param {gridpact.control.v1.SignRequest.$Properties} message SignRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                SignRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId") && message.requestId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.requestId);
                    if (message.stage != null && $Object.hasOwnProperty.call(message, "stage") && message.stage !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).int32(message.stage);
                    if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message.length)
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.message);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a SignRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.SignRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.SignRequest & gridpact.control.v1.SignRequest.$Shape} SignRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                SignRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.SignRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.requestId = value;
                                else
                                    delete message.requestId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.stage = value;
                                else
                                    delete message.stage;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.message = value;
                                else
                                    delete message.message;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a SignRequest message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.SignRequest
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.SignRequest} SignRequest
                 */
                SignRequest.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.SignRequest)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.SignRequest: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.SignRequest();
                    if (object.requestId != null)
                        if (typeof object.requestId !== "string" || object.requestId.length)
                            message.requestId = $String(object.requestId);
                    if (object.stage !== 0 && (typeof object.stage !== "string" || $root.gridpact.control.v1.SignStage[object.stage] !== 0))
                        switch (object.stage) {
                        case "SIGN_STAGE_UNSPECIFIED":
                        case 0:
                            message.stage = 0;
                            break;
                        case "SIGN_STAGE_PROPOSAL":
                        case 1:
                            message.stage = 1;
                            break;
                        case "SIGN_STAGE_TRANSACTION":
                        case 2:
                            message.stage = 2;
                            break;
                        case "SIGN_STAGE_COMMIT_STATUS":
                        case 3:
                            message.stage = 3;
                            break;
                        case "SIGN_STAGE_CONSENT":
                        case 4:
                            message.stage = 4;
                            break;
                        case "SIGN_STAGE_AMENDMENT":
                        case 5:
                            message.stage = 5;
                            break;
                        case "SIGN_STAGE_RELEASE":
                        case 6:
                            message.stage = 6;
                            break;
                        default:
                            if (typeof object.stage === "number" && (object.stage | 0) === object.stage)
                                message.stage = object.stage;
                        }
                    if (object.message != null)
                        if (object.message.length)
                            if (typeof object.message === "string")
                                $util.base64.decode(object.message, message.message = $util.newBuffer($util.base64.length(object.message)), 0);
                            else if (object.message.length >= 0)
                                message.message = object.message;
                    return message;
                };

                /**
                 * Creates a plain object from a SignRequest message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.SignRequest
                 * @static
                 * @param {gridpact.control.v1.SignRequest} message SignRequest
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                SignRequest.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        object.requestId = "";
                        object.stage = options.enums === $String ? "SIGN_STAGE_UNSPECIFIED" : 0;
                        if (options.bytes === $String)
                            object.message = "";
                        else {
                            object.message = [];
                            if (options.bytes !== $Array)
                                object.message = $util.newBuffer(object.message);
                        }
                    }
                    if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId"))
                        object.requestId = message.requestId;
                    if (message.stage != null && $Object.hasOwnProperty.call(message, "stage"))
                        object.stage = options.enums === $String ? $root.gridpact.control.v1.SignStage[message.stage] === $undefined ? message.stage : $root.gridpact.control.v1.SignStage[message.stage] : message.stage;
                    if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                        object.message = options.bytes === $String ? $util.base64.encode(message.message, 0, message.message.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.message) : message.message;
                    return object;
                };

                /**
                 * Converts this SignRequest to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.SignRequest
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                SignRequest.prototype.toJSON = function() {
                    return SignRequest.toObject(this, $protobuf.util.toJSONOptions);
                };

                return SignRequest;
            })();

            /**
             * SignStage enum.
             * @name gridpact.control.v1.SignStage
             * @enum {number}
             * @property {number} SIGN_STAGE_UNSPECIFIED=0 SIGN_STAGE_UNSPECIFIED value
             * @property {number} SIGN_STAGE_PROPOSAL=1 SIGN_STAGE_PROPOSAL value
             * @property {number} SIGN_STAGE_TRANSACTION=2 SIGN_STAGE_TRANSACTION value
             * @property {number} SIGN_STAGE_COMMIT_STATUS=3 SIGN_STAGE_COMMIT_STATUS value
             * @property {number} SIGN_STAGE_CONSENT=4 SIGN_STAGE_CONSENT value
             * @property {number} SIGN_STAGE_AMENDMENT=5 SIGN_STAGE_AMENDMENT value
             * @property {number} SIGN_STAGE_RELEASE=6 SIGN_STAGE_RELEASE value
             */
            v1.SignStage = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "SIGN_STAGE_UNSPECIFIED"] = 0;
                values[valuesById[1] = "SIGN_STAGE_PROPOSAL"] = 1;
                values[valuesById[2] = "SIGN_STAGE_TRANSACTION"] = 2;
                values[valuesById[3] = "SIGN_STAGE_COMMIT_STATUS"] = 3;
                values[valuesById[4] = "SIGN_STAGE_CONSENT"] = 4;
                values[valuesById[5] = "SIGN_STAGE_AMENDMENT"] = 5;
                values[valuesById[6] = "SIGN_STAGE_RELEASE"] = 6;
                return values;
            })();

            v1.NodeStatement = (function() {

                /**
                 * Properties of a NodeStatement.
                 * @typedef {Object} gridpact.control.v1.NodeStatement.$Properties
                 * @property {Uint8Array|null} [payload] NodeStatement payload
                 * @property {Uint8Array|null} [signature] NodeStatement signature
                 * @property {string|null} [certificatePem] NodeStatement certificatePem
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a NodeStatement.
                 * @memberof gridpact.control.v1
                 * @interface INodeStatement
                 * @augments gridpact.control.v1.NodeStatement.$Properties
                 * @deprecated Use gridpact.control.v1.NodeStatement.$Properties instead.
                 */

                /**
                 * Shape of a NodeStatement.
                 * @typedef {gridpact.control.v1.NodeStatement.$Properties} gridpact.control.v1.NodeStatement.$Shape
                 */

                /**
                 * Constructs a new NodeStatement.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a NodeStatement.
                 * @constructor
                 * @param {gridpact.control.v1.NodeStatement.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const NodeStatement = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * NodeStatement payload.
                 * @member {Uint8Array} payload
                 * @memberof gridpact.control.v1.NodeStatement
                 * @instance
                 */
                NodeStatement.prototype.payload = $util.newBuffer([]);

                /**
                 * NodeStatement signature.
                 * @member {Uint8Array} signature
                 * @memberof gridpact.control.v1.NodeStatement
                 * @instance
                 */
                NodeStatement.prototype.signature = $util.newBuffer([]);

                /**
                 * NodeStatement certificatePem.
                 * @member {string} certificatePem
                 * @memberof gridpact.control.v1.NodeStatement
                 * @instance
                 */
                NodeStatement.prototype.certificatePem = "";

                /**
                 * Creates a new NodeStatement instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.NodeStatement
                 * @static
                 * @param {gridpact.control.v1.NodeStatement.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.NodeStatement} NodeStatement instance
                 * @type {{
                 *   (properties: gridpact.control.v1.NodeStatement.$Shape): gridpact.control.v1.NodeStatement & gridpact.control.v1.NodeStatement.$Shape;
                 *   (properties?: gridpact.control.v1.NodeStatement.$Properties): gridpact.control.v1.NodeStatement;
                 * }}
                 */
                NodeStatement.create = function(properties) {
                    return new NodeStatement(properties);
                };

                /**
                 * Encodes the specified NodeStatement message. Does not implicitly {@link gridpact.control.v1.NodeStatement.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.NodeStatement
                 * @static
                 * @param {gridpact.control.v1.NodeStatement.$Properties} message NodeStatement message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                NodeStatement.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.payload);
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
                    if (message.certificatePem != null && $Object.hasOwnProperty.call(message, "certificatePem") && message.certificatePem !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.certificatePem);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a NodeStatement message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.NodeStatement
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.NodeStatement & gridpact.control.v1.NodeStatement.$Shape} NodeStatement
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                NodeStatement.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.NodeStatement();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.payload = value;
                                else
                                    delete message.payload;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.signature = value;
                                else
                                    delete message.signature;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.certificatePem = value;
                                else
                                    delete message.certificatePem;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a NodeStatement message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.NodeStatement
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.NodeStatement} NodeStatement
                 */
                NodeStatement.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.NodeStatement)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.NodeStatement: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.NodeStatement();
                    if (object.payload != null)
                        if (object.payload.length)
                            if (typeof object.payload === "string")
                                $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                            else if (object.payload.length >= 0)
                                message.payload = object.payload;
                    if (object.signature != null)
                        if (object.signature.length)
                            if (typeof object.signature === "string")
                                $util.base64.decode(object.signature, message.signature = $util.newBuffer($util.base64.length(object.signature)), 0);
                            else if (object.signature.length >= 0)
                                message.signature = object.signature;
                    if (object.certificatePem != null)
                        if (typeof object.certificatePem !== "string" || object.certificatePem.length)
                            message.certificatePem = $String(object.certificatePem);
                    return message;
                };

                /**
                 * Creates a plain object from a NodeStatement message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.NodeStatement
                 * @static
                 * @param {gridpact.control.v1.NodeStatement} message NodeStatement
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                NodeStatement.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        if (options.bytes === $String)
                            object.payload = "";
                        else {
                            object.payload = [];
                            if (options.bytes !== $Array)
                                object.payload = $util.newBuffer(object.payload);
                        }
                        if (options.bytes === $String)
                            object.signature = "";
                        else {
                            object.signature = [];
                            if (options.bytes !== $Array)
                                object.signature = $util.newBuffer(object.signature);
                        }
                        object.certificatePem = "";
                    }
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                        object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                        object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
                    if (message.certificatePem != null && $Object.hasOwnProperty.call(message, "certificatePem"))
                        object.certificatePem = message.certificatePem;
                    return object;
                };

                /**
                 * Converts this NodeStatement to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.NodeStatement
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                NodeStatement.prototype.toJSON = function() {
                    return NodeStatement.toObject(this, $protobuf.util.toJSONOptions);
                };

                return NodeStatement;
            })();

            v1.MoveOffer = (function() {

                /**
                 * Properties of a MoveOffer.
                 * @typedef {Object} gridpact.control.v1.MoveOffer.$Properties
                 * @property {string|null} [deviceId] MoveOffer deviceId
                 * @property {string|null} [fromVnId] MoveOffer fromVnId
                 * @property {string|null} [toVnId] MoveOffer toVnId
                 * @property {number|null} [revision] MoveOffer revision
                 * @property {gridpact.control.v1.MoveGuidelines.$Properties|null} [guidelines] MoveOffer guidelines
                 * @property {number|Long|null} [deadlineUnixMs] MoveOffer deadlineUnixMs
                 * @property {Uint8Array|null} [ticket] MoveOffer ticket
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a MoveOffer.
                 * @memberof gridpact.control.v1
                 * @interface IMoveOffer
                 * @augments gridpact.control.v1.MoveOffer.$Properties
                 * @deprecated Use gridpact.control.v1.MoveOffer.$Properties instead.
                 */

                /**
                 * Shape of a MoveOffer.
                 * @typedef {gridpact.control.v1.MoveOffer.$Properties} gridpact.control.v1.MoveOffer.$Shape
                 */

                /**
                 * Constructs a new MoveOffer.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a MoveOffer.
                 * @constructor
                 * @param {gridpact.control.v1.MoveOffer.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const MoveOffer = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * MoveOffer deviceId.
                 * @member {string} deviceId
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.deviceId = "";

                /**
                 * MoveOffer fromVnId.
                 * @member {string} fromVnId
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.fromVnId = "";

                /**
                 * MoveOffer toVnId.
                 * @member {string} toVnId
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.toVnId = "";

                /**
                 * MoveOffer revision.
                 * @member {number} revision
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.revision = 0;

                /**
                 * MoveOffer guidelines.
                 * @member {gridpact.control.v1.MoveGuidelines.$Properties|null|undefined} guidelines
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.guidelines = null;

                /**
                 * MoveOffer deadlineUnixMs.
                 * @member {number|Long} deadlineUnixMs
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.deadlineUnixMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * MoveOffer ticket.
                 * @member {Uint8Array} ticket
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 */
                MoveOffer.prototype.ticket = $util.newBuffer([]);

                /**
                 * Creates a new MoveOffer instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.MoveOffer
                 * @static
                 * @param {gridpact.control.v1.MoveOffer.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.MoveOffer} MoveOffer instance
                 * @type {{
                 *   (properties: gridpact.control.v1.MoveOffer.$Shape): gridpact.control.v1.MoveOffer & gridpact.control.v1.MoveOffer.$Shape;
                 *   (properties?: gridpact.control.v1.MoveOffer.$Properties): gridpact.control.v1.MoveOffer;
                 * }}
                 */
                MoveOffer.create = function(properties) {
                    return new MoveOffer(properties);
                };

                /**
                 * Encodes the specified MoveOffer message. Does not implicitly {@link gridpact.control.v1.MoveOffer.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.MoveOffer
                 * @static
                 * @param {gridpact.control.v1.MoveOffer.$Properties} message MoveOffer message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                MoveOffer.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.deviceId);
                    if (message.fromVnId != null && $Object.hasOwnProperty.call(message, "fromVnId") && message.fromVnId !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.fromVnId);
                    if (message.toVnId != null && $Object.hasOwnProperty.call(message, "toVnId") && message.toVnId !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.toVnId);
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && message.revision !== 0)
                        writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.revision);
                    if (message.guidelines != null && $Object.hasOwnProperty.call(message, "guidelines"))
                        $root.gridpact.control.v1.MoveGuidelines.encode(message.guidelines, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.deadlineUnixMs != null && $Object.hasOwnProperty.call(message, "deadlineUnixMs") && (typeof message.deadlineUnixMs === "object" ? message.deadlineUnixMs.low || message.deadlineUnixMs.high : message.deadlineUnixMs !== 0))
                        writer.uint32(/* id 6, wireType 0 =*/48).int64(message.deadlineUnixMs);
                    if (message.ticket != null && $Object.hasOwnProperty.call(message, "ticket") && message.ticket.length)
                        writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.ticket);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a MoveOffer message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.MoveOffer
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.MoveOffer & gridpact.control.v1.MoveOffer.$Shape} MoveOffer
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                MoveOffer.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.MoveOffer();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.deviceId = value;
                                else
                                    delete message.deviceId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.fromVnId = value;
                                else
                                    delete message.fromVnId;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.toVnId = value;
                                else
                                    delete message.toVnId;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.revision = value;
                                else
                                    delete message.revision;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                message.guidelines = $root.gridpact.control.v1.MoveGuidelines.decode(reader, reader.size(), $undefined, _depth + 1, message.guidelines);
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.deadlineUnixMs = value;
                                else
                                    delete message.deadlineUnixMs;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.ticket = value;
                                else
                                    delete message.ticket;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a MoveOffer message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.MoveOffer
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.MoveOffer} MoveOffer
                 */
                MoveOffer.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.MoveOffer)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.MoveOffer: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.MoveOffer();
                    if (object.deviceId != null)
                        if (typeof object.deviceId !== "string" || object.deviceId.length)
                            message.deviceId = $String(object.deviceId);
                    if (object.fromVnId != null)
                        if (typeof object.fromVnId !== "string" || object.fromVnId.length)
                            message.fromVnId = $String(object.fromVnId);
                    if (object.toVnId != null)
                        if (typeof object.toVnId !== "string" || object.toVnId.length)
                            message.toVnId = $String(object.toVnId);
                    if (object.revision != null)
                        if ($Number(object.revision) !== 0)
                            message.revision = object.revision >>> 0;
                    if (object.guidelines != null) {
                        if (!$util.isObject(object.guidelines))
                            throw $TypeError(".gridpact.control.v1.MoveOffer.guidelines: object expected");
                        message.guidelines = $root.gridpact.control.v1.MoveGuidelines.fromObject(object.guidelines, _depth + 1);
                    }
                    if (object.deadlineUnixMs != null)
                        if (typeof object.deadlineUnixMs === "object" ? object.deadlineUnixMs.low || object.deadlineUnixMs.high : $Number(object.deadlineUnixMs) !== 0)
                            if ($util.Long)
                                message.deadlineUnixMs = $util.Long.fromValue(object.deadlineUnixMs, false);
                            else if (typeof object.deadlineUnixMs === "string")
                                message.deadlineUnixMs = $parseInt(object.deadlineUnixMs, 10);
                            else if (typeof object.deadlineUnixMs === "number")
                                message.deadlineUnixMs = object.deadlineUnixMs;
                            else if (typeof object.deadlineUnixMs === "object")
                                message.deadlineUnixMs = new $util.LongBits(object.deadlineUnixMs.low >>> 0, object.deadlineUnixMs.high >>> 0).toNumber();
                    if (object.ticket != null)
                        if (object.ticket.length)
                            if (typeof object.ticket === "string")
                                $util.base64.decode(object.ticket, message.ticket = $util.newBuffer($util.base64.length(object.ticket)), 0);
                            else if (object.ticket.length >= 0)
                                message.ticket = object.ticket;
                    return message;
                };

                /**
                 * Creates a plain object from a MoveOffer message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.MoveOffer
                 * @static
                 * @param {gridpact.control.v1.MoveOffer} message MoveOffer
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                MoveOffer.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        object.deviceId = "";
                        object.fromVnId = "";
                        object.toVnId = "";
                        object.revision = 0;
                        object.guidelines = null;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, false);
                            object.deadlineUnixMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.deadlineUnixMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        if (options.bytes === $String)
                            object.ticket = "";
                        else {
                            object.ticket = [];
                            if (options.bytes !== $Array)
                                object.ticket = $util.newBuffer(object.ticket);
                        }
                    }
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId"))
                        object.deviceId = message.deviceId;
                    if (message.fromVnId != null && $Object.hasOwnProperty.call(message, "fromVnId"))
                        object.fromVnId = message.fromVnId;
                    if (message.toVnId != null && $Object.hasOwnProperty.call(message, "toVnId"))
                        object.toVnId = message.toVnId;
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision"))
                        object.revision = message.revision;
                    if (message.guidelines != null && $Object.hasOwnProperty.call(message, "guidelines"))
                        object.guidelines = $root.gridpact.control.v1.MoveGuidelines.toObject(message.guidelines, options, _depth + 1);
                    if (message.deadlineUnixMs != null && $Object.hasOwnProperty.call(message, "deadlineUnixMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.deadlineUnixMs = typeof message.deadlineUnixMs === "number" ? $BigInt(message.deadlineUnixMs) : $util.Long.fromBits(message.deadlineUnixMs.low >>> 0, message.deadlineUnixMs.high >>> 0, false).toBigInt();
                        else if (typeof message.deadlineUnixMs === "number")
                            object.deadlineUnixMs = options.longs === $String ? $String(message.deadlineUnixMs) : message.deadlineUnixMs;
                        else
                            object.deadlineUnixMs = options.longs === $String ? $util.Long.prototype.toString.call(message.deadlineUnixMs) : options.longs === $Number ? new $util.LongBits(message.deadlineUnixMs.low >>> 0, message.deadlineUnixMs.high >>> 0).toNumber() : message.deadlineUnixMs;
                    if (message.ticket != null && $Object.hasOwnProperty.call(message, "ticket"))
                        object.ticket = options.bytes === $String ? $util.base64.encode(message.ticket, 0, message.ticket.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.ticket) : message.ticket;
                    return object;
                };

                /**
                 * Converts this MoveOffer to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.MoveOffer
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                MoveOffer.prototype.toJSON = function() {
                    return MoveOffer.toObject(this, $protobuf.util.toJSONOptions);
                };

                return MoveOffer;
            })();

            v1.MoveGuidelines = (function() {

                /**
                 * Properties of a MoveGuidelines.
                 * @typedef {Object} gridpact.control.v1.MoveGuidelines.$Properties
                 * @property {number|null} [membersMin] MoveGuidelines membersMin
                 * @property {number|null} [membersMax] MoveGuidelines membersMax
                 * @property {number|Long|null} [capacityWMax] MoveGuidelines capacityWMax
                 * @property {number|null} [movesMax] MoveGuidelines movesMax
                 * @property {number|Long|null} [dwellMs] MoveGuidelines dwellMs
                 * @property {number|null} [gainPerMilleMin] MoveGuidelines gainPerMilleMin
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a MoveGuidelines.
                 * @memberof gridpact.control.v1
                 * @interface IMoveGuidelines
                 * @augments gridpact.control.v1.MoveGuidelines.$Properties
                 * @deprecated Use gridpact.control.v1.MoveGuidelines.$Properties instead.
                 */

                /**
                 * Shape of a MoveGuidelines.
                 * @typedef {gridpact.control.v1.MoveGuidelines.$Properties} gridpact.control.v1.MoveGuidelines.$Shape
                 */

                /**
                 * Constructs a new MoveGuidelines.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a MoveGuidelines.
                 * @constructor
                 * @param {gridpact.control.v1.MoveGuidelines.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const MoveGuidelines = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * MoveGuidelines membersMin.
                 * @member {number} membersMin
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 */
                MoveGuidelines.prototype.membersMin = 0;

                /**
                 * MoveGuidelines membersMax.
                 * @member {number} membersMax
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 */
                MoveGuidelines.prototype.membersMax = 0;

                /**
                 * MoveGuidelines capacityWMax.
                 * @member {number|Long} capacityWMax
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 */
                MoveGuidelines.prototype.capacityWMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * MoveGuidelines movesMax.
                 * @member {number} movesMax
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 */
                MoveGuidelines.prototype.movesMax = 0;

                /**
                 * MoveGuidelines dwellMs.
                 * @member {number|Long} dwellMs
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 */
                MoveGuidelines.prototype.dwellMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * MoveGuidelines gainPerMilleMin.
                 * @member {number} gainPerMilleMin
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 */
                MoveGuidelines.prototype.gainPerMilleMin = 0;

                /**
                 * Creates a new MoveGuidelines instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @static
                 * @param {gridpact.control.v1.MoveGuidelines.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.MoveGuidelines} MoveGuidelines instance
                 * @type {{
                 *   (properties: gridpact.control.v1.MoveGuidelines.$Shape): gridpact.control.v1.MoveGuidelines & gridpact.control.v1.MoveGuidelines.$Shape;
                 *   (properties?: gridpact.control.v1.MoveGuidelines.$Properties): gridpact.control.v1.MoveGuidelines;
                 * }}
                 */
                MoveGuidelines.create = function(properties) {
                    return new MoveGuidelines(properties);
                };

                /**
                 * Encodes the specified MoveGuidelines message. Does not implicitly {@link gridpact.control.v1.MoveGuidelines.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @static
                 * @param {gridpact.control.v1.MoveGuidelines.$Properties} message MoveGuidelines message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                MoveGuidelines.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.membersMin != null && $Object.hasOwnProperty.call(message, "membersMin") && message.membersMin !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.membersMin);
                    if (message.membersMax != null && $Object.hasOwnProperty.call(message, "membersMax") && message.membersMax !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.membersMax);
                    if (message.capacityWMax != null && $Object.hasOwnProperty.call(message, "capacityWMax") && (typeof message.capacityWMax === "object" ? message.capacityWMax.low || message.capacityWMax.high : message.capacityWMax !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.capacityWMax);
                    if (message.movesMax != null && $Object.hasOwnProperty.call(message, "movesMax") && message.movesMax !== 0)
                        writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.movesMax);
                    if (message.dwellMs != null && $Object.hasOwnProperty.call(message, "dwellMs") && (typeof message.dwellMs === "object" ? message.dwellMs.low || message.dwellMs.high : message.dwellMs !== 0))
                        writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.dwellMs);
                    if (message.gainPerMilleMin != null && $Object.hasOwnProperty.call(message, "gainPerMilleMin") && message.gainPerMilleMin !== 0)
                        writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.gainPerMilleMin);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a MoveGuidelines message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.MoveGuidelines & gridpact.control.v1.MoveGuidelines.$Shape} MoveGuidelines
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                MoveGuidelines.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.MoveGuidelines();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.membersMin = value;
                                else
                                    delete message.membersMin;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.membersMax = value;
                                else
                                    delete message.membersMax;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.capacityWMax = value;
                                else
                                    delete message.capacityWMax;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.movesMax = value;
                                else
                                    delete message.movesMax;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.dwellMs = value;
                                else
                                    delete message.dwellMs;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.gainPerMilleMin = value;
                                else
                                    delete message.gainPerMilleMin;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a MoveGuidelines message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.MoveGuidelines} MoveGuidelines
                 */
                MoveGuidelines.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.MoveGuidelines)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.MoveGuidelines: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.MoveGuidelines();
                    if (object.membersMin != null)
                        if ($Number(object.membersMin) !== 0)
                            message.membersMin = object.membersMin >>> 0;
                    if (object.membersMax != null)
                        if ($Number(object.membersMax) !== 0)
                            message.membersMax = object.membersMax >>> 0;
                    if (object.capacityWMax != null)
                        if (typeof object.capacityWMax === "object" ? object.capacityWMax.low || object.capacityWMax.high : $Number(object.capacityWMax) !== 0)
                            if ($util.Long)
                                message.capacityWMax = $util.Long.fromValue(object.capacityWMax, true);
                            else if (typeof object.capacityWMax === "string")
                                message.capacityWMax = $parseInt(object.capacityWMax, 10);
                            else if (typeof object.capacityWMax === "number")
                                message.capacityWMax = object.capacityWMax;
                            else if (typeof object.capacityWMax === "object")
                                message.capacityWMax = new $util.LongBits(object.capacityWMax.low >>> 0, object.capacityWMax.high >>> 0).toNumber(true);
                    if (object.movesMax != null)
                        if ($Number(object.movesMax) !== 0)
                            message.movesMax = object.movesMax >>> 0;
                    if (object.dwellMs != null)
                        if (typeof object.dwellMs === "object" ? object.dwellMs.low || object.dwellMs.high : $Number(object.dwellMs) !== 0)
                            if ($util.Long)
                                message.dwellMs = $util.Long.fromValue(object.dwellMs, true);
                            else if (typeof object.dwellMs === "string")
                                message.dwellMs = $parseInt(object.dwellMs, 10);
                            else if (typeof object.dwellMs === "number")
                                message.dwellMs = object.dwellMs;
                            else if (typeof object.dwellMs === "object")
                                message.dwellMs = new $util.LongBits(object.dwellMs.low >>> 0, object.dwellMs.high >>> 0).toNumber(true);
                    if (object.gainPerMilleMin != null)
                        if ($Number(object.gainPerMilleMin) !== 0)
                            message.gainPerMilleMin = object.gainPerMilleMin >>> 0;
                    return message;
                };

                /**
                 * Creates a plain object from a MoveGuidelines message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @static
                 * @param {gridpact.control.v1.MoveGuidelines} message MoveGuidelines
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                MoveGuidelines.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        object.membersMin = 0;
                        object.membersMax = 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.capacityWMax = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.capacityWMax = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.movesMax = 0;
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.dwellMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.dwellMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.gainPerMilleMin = 0;
                    }
                    if (message.membersMin != null && $Object.hasOwnProperty.call(message, "membersMin"))
                        object.membersMin = message.membersMin;
                    if (message.membersMax != null && $Object.hasOwnProperty.call(message, "membersMax"))
                        object.membersMax = message.membersMax;
                    if (message.capacityWMax != null && $Object.hasOwnProperty.call(message, "capacityWMax"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.capacityWMax = typeof message.capacityWMax === "number" ? $BigInt(message.capacityWMax) : $util.Long.fromBits(message.capacityWMax.low >>> 0, message.capacityWMax.high >>> 0, true).toBigInt();
                        else if (typeof message.capacityWMax === "number")
                            object.capacityWMax = options.longs === $String ? $String(message.capacityWMax) : message.capacityWMax;
                        else
                            object.capacityWMax = options.longs === $String ? $util.Long.prototype.toString.call(message.capacityWMax) : options.longs === $Number ? new $util.LongBits(message.capacityWMax.low >>> 0, message.capacityWMax.high >>> 0).toNumber(true) : message.capacityWMax;
                    if (message.movesMax != null && $Object.hasOwnProperty.call(message, "movesMax"))
                        object.movesMax = message.movesMax;
                    if (message.dwellMs != null && $Object.hasOwnProperty.call(message, "dwellMs"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.dwellMs = typeof message.dwellMs === "number" ? $BigInt(message.dwellMs) : $util.Long.fromBits(message.dwellMs.low >>> 0, message.dwellMs.high >>> 0, true).toBigInt();
                        else if (typeof message.dwellMs === "number")
                            object.dwellMs = options.longs === $String ? $String(message.dwellMs) : message.dwellMs;
                        else
                            object.dwellMs = options.longs === $String ? $util.Long.prototype.toString.call(message.dwellMs) : options.longs === $Number ? new $util.LongBits(message.dwellMs.low >>> 0, message.dwellMs.high >>> 0).toNumber(true) : message.dwellMs;
                    if (message.gainPerMilleMin != null && $Object.hasOwnProperty.call(message, "gainPerMilleMin"))
                        object.gainPerMilleMin = message.gainPerMilleMin;
                    return object;
                };

                /**
                 * Converts this MoveGuidelines to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.MoveGuidelines
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                MoveGuidelines.prototype.toJSON = function() {
                    return MoveGuidelines.toObject(this, $protobuf.util.toJSONOptions);
                };

                return MoveGuidelines;
            })();

            v1.MoveTicket = (function() {

                /**
                 * Properties of a MoveTicket.
                 * @typedef {Object} gridpact.control.v1.MoveTicket.$Properties
                 * @property {string|null} [deviceId] MoveTicket deviceId
                 * @property {Uint8Array|null} [publicKey] MoveTicket publicKey
                 * @property {string|null} [vnId] MoveTicket vnId
                 * @property {string|null} [token] MoveTicket token
                 * @property {string|null} [enrolmentUrl] MoveTicket enrolmentUrl
                 * @property {string|null} [mqttHost] MoveTicket mqttHost
                 * @property {string|null} [authorityPem] MoveTicket authorityPem
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a MoveTicket.
                 * @memberof gridpact.control.v1
                 * @interface IMoveTicket
                 * @augments gridpact.control.v1.MoveTicket.$Properties
                 * @deprecated Use gridpact.control.v1.MoveTicket.$Properties instead.
                 */

                /**
                 * Shape of a MoveTicket.
                 * @typedef {gridpact.control.v1.MoveTicket.$Properties} gridpact.control.v1.MoveTicket.$Shape
                 */

                /**
                 * Constructs a new MoveTicket.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a MoveTicket.
                 * @constructor
                 * @param {gridpact.control.v1.MoveTicket.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const MoveTicket = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * MoveTicket deviceId.
                 * @member {string} deviceId
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.deviceId = "";

                /**
                 * MoveTicket publicKey.
                 * @member {Uint8Array} publicKey
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.publicKey = $util.newBuffer([]);

                /**
                 * MoveTicket vnId.
                 * @member {string} vnId
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.vnId = "";

                /**
                 * MoveTicket token.
                 * @member {string} token
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.token = "";

                /**
                 * MoveTicket enrolmentUrl.
                 * @member {string} enrolmentUrl
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.enrolmentUrl = "";

                /**
                 * MoveTicket mqttHost.
                 * @member {string} mqttHost
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.mqttHost = "";

                /**
                 * MoveTicket authorityPem.
                 * @member {string} authorityPem
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 */
                MoveTicket.prototype.authorityPem = "";

                /**
                 * Creates a new MoveTicket instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.MoveTicket
                 * @static
                 * @param {gridpact.control.v1.MoveTicket.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.MoveTicket} MoveTicket instance
                 * @type {{
                 *   (properties: gridpact.control.v1.MoveTicket.$Shape): gridpact.control.v1.MoveTicket & gridpact.control.v1.MoveTicket.$Shape;
                 *   (properties?: gridpact.control.v1.MoveTicket.$Properties): gridpact.control.v1.MoveTicket;
                 * }}
                 */
                MoveTicket.create = function(properties) {
                    return new MoveTicket(properties);
                };

                /**
                 * Encodes the specified MoveTicket message. Does not implicitly {@link gridpact.control.v1.MoveTicket.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.MoveTicket
                 * @static
                 * @param {gridpact.control.v1.MoveTicket.$Properties} message MoveTicket message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                MoveTicket.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.deviceId);
                    if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey") && message.publicKey.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.publicKey);
                    if (message.vnId != null && $Object.hasOwnProperty.call(message, "vnId") && message.vnId !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.vnId);
                    if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.token);
                    if (message.enrolmentUrl != null && $Object.hasOwnProperty.call(message, "enrolmentUrl") && message.enrolmentUrl !== "")
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.enrolmentUrl);
                    if (message.mqttHost != null && $Object.hasOwnProperty.call(message, "mqttHost") && message.mqttHost !== "")
                        writer.uint32(/* id 6, wireType 2 =*/50).string(message.mqttHost);
                    if (message.authorityPem != null && $Object.hasOwnProperty.call(message, "authorityPem") && message.authorityPem !== "")
                        writer.uint32(/* id 7, wireType 2 =*/58).string(message.authorityPem);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a MoveTicket message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.MoveTicket
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.MoveTicket & gridpact.control.v1.MoveTicket.$Shape} MoveTicket
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                MoveTicket.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.MoveTicket();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.deviceId = value;
                                else
                                    delete message.deviceId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.publicKey = value;
                                else
                                    delete message.publicKey;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.vnId = value;
                                else
                                    delete message.vnId;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.token = value;
                                else
                                    delete message.token;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.enrolmentUrl = value;
                                else
                                    delete message.enrolmentUrl;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.mqttHost = value;
                                else
                                    delete message.mqttHost;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.authorityPem = value;
                                else
                                    delete message.authorityPem;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a MoveTicket message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.MoveTicket
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.MoveTicket} MoveTicket
                 */
                MoveTicket.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.MoveTicket)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.MoveTicket: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.MoveTicket();
                    if (object.deviceId != null)
                        if (typeof object.deviceId !== "string" || object.deviceId.length)
                            message.deviceId = $String(object.deviceId);
                    if (object.publicKey != null)
                        if (object.publicKey.length)
                            if (typeof object.publicKey === "string")
                                $util.base64.decode(object.publicKey, message.publicKey = $util.newBuffer($util.base64.length(object.publicKey)), 0);
                            else if (object.publicKey.length >= 0)
                                message.publicKey = object.publicKey;
                    if (object.vnId != null)
                        if (typeof object.vnId !== "string" || object.vnId.length)
                            message.vnId = $String(object.vnId);
                    if (object.token != null)
                        if (typeof object.token !== "string" || object.token.length)
                            message.token = $String(object.token);
                    if (object.enrolmentUrl != null)
                        if (typeof object.enrolmentUrl !== "string" || object.enrolmentUrl.length)
                            message.enrolmentUrl = $String(object.enrolmentUrl);
                    if (object.mqttHost != null)
                        if (typeof object.mqttHost !== "string" || object.mqttHost.length)
                            message.mqttHost = $String(object.mqttHost);
                    if (object.authorityPem != null)
                        if (typeof object.authorityPem !== "string" || object.authorityPem.length)
                            message.authorityPem = $String(object.authorityPem);
                    return message;
                };

                /**
                 * Creates a plain object from a MoveTicket message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.MoveTicket
                 * @static
                 * @param {gridpact.control.v1.MoveTicket} message MoveTicket
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                MoveTicket.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        object.deviceId = "";
                        if (options.bytes === $String)
                            object.publicKey = "";
                        else {
                            object.publicKey = [];
                            if (options.bytes !== $Array)
                                object.publicKey = $util.newBuffer(object.publicKey);
                        }
                        object.vnId = "";
                        object.token = "";
                        object.enrolmentUrl = "";
                        object.mqttHost = "";
                        object.authorityPem = "";
                    }
                    if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId"))
                        object.deviceId = message.deviceId;
                    if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey"))
                        object.publicKey = options.bytes === $String ? $util.base64.encode(message.publicKey, 0, message.publicKey.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.publicKey) : message.publicKey;
                    if (message.vnId != null && $Object.hasOwnProperty.call(message, "vnId"))
                        object.vnId = message.vnId;
                    if (message.token != null && $Object.hasOwnProperty.call(message, "token"))
                        object.token = message.token;
                    if (message.enrolmentUrl != null && $Object.hasOwnProperty.call(message, "enrolmentUrl"))
                        object.enrolmentUrl = message.enrolmentUrl;
                    if (message.mqttHost != null && $Object.hasOwnProperty.call(message, "mqttHost"))
                        object.mqttHost = message.mqttHost;
                    if (message.authorityPem != null && $Object.hasOwnProperty.call(message, "authorityPem"))
                        object.authorityPem = message.authorityPem;
                    return object;
                };

                /**
                 * Converts this MoveTicket to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.MoveTicket
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                MoveTicket.prototype.toJSON = function() {
                    return MoveTicket.toObject(this, $protobuf.util.toJSONOptions);
                };

                return MoveTicket;
            })();

            v1.SignResponse = (function() {

                /**
                 * Properties of a SignResponse.
                 * @typedef {Object} gridpact.control.v1.SignResponse.$Properties
                 * @property {string|null} [requestId] SignResponse requestId
                 * @property {Uint8Array|null} [signature] SignResponse signature
                 * @property {string|null} [refusal] SignResponse refusal
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a SignResponse.
                 * @memberof gridpact.control.v1
                 * @interface ISignResponse
                 * @augments gridpact.control.v1.SignResponse.$Properties
                 * @deprecated Use gridpact.control.v1.SignResponse.$Properties instead.
                 */

                /**
                 * Shape of a SignResponse.
                 * @typedef {gridpact.control.v1.SignResponse.$Properties} gridpact.control.v1.SignResponse.$Shape
                 */

                /**
                 * Constructs a new SignResponse.
                 * @memberof gridpact.control.v1
                 * @classdesc Represents a SignResponse.
                 * @constructor
                 * @param {gridpact.control.v1.SignResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const SignResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * SignResponse requestId.
                 * @member {string} requestId
                 * @memberof gridpact.control.v1.SignResponse
                 * @instance
                 */
                SignResponse.prototype.requestId = "";

                /**
                 * SignResponse signature.
                 * @member {Uint8Array} signature
                 * @memberof gridpact.control.v1.SignResponse
                 * @instance
                 */
                SignResponse.prototype.signature = $util.newBuffer([]);

                /**
                 * SignResponse refusal.
                 * @member {string} refusal
                 * @memberof gridpact.control.v1.SignResponse
                 * @instance
                 */
                SignResponse.prototype.refusal = "";

                /**
                 * Creates a new SignResponse instance using the specified properties.
                 * @function create
                 * @memberof gridpact.control.v1.SignResponse
                 * @static
                 * @param {gridpact.control.v1.SignResponse.$Properties=} [properties] Properties to set
                 * @returns {gridpact.control.v1.SignResponse} SignResponse instance
                 * @type {{
                 *   (properties: gridpact.control.v1.SignResponse.$Shape): gridpact.control.v1.SignResponse & gridpact.control.v1.SignResponse.$Shape;
                 *   (properties?: gridpact.control.v1.SignResponse.$Properties): gridpact.control.v1.SignResponse;
                 * }}
                 */
                SignResponse.create = function(properties) {
                    return new SignResponse(properties);
                };

                /**
                 * Encodes the specified SignResponse message. Does not implicitly {@link gridpact.control.v1.SignResponse.verify|verify} messages.
                 * @function encode
                 * @memberof gridpact.control.v1.SignResponse
                 * @static
                 * @param {gridpact.control.v1.SignResponse.$Properties} message SignResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                SignResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId") && message.requestId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.requestId);
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
                    if (message.refusal != null && $Object.hasOwnProperty.call(message, "refusal") && message.refusal !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.refusal);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a SignResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof gridpact.control.v1.SignResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.SignResponse & gridpact.control.v1.SignResponse.$Shape} SignResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                SignResponse.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.gridpact.control.v1.SignResponse();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.requestId = value;
                                else
                                    delete message.requestId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.signature = value;
                                else
                                    delete message.signature;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.refusal = value;
                                else
                                    delete message.refusal;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                /**
                 * Creates a SignResponse message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof gridpact.control.v1.SignResponse
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {gridpact.control.v1.SignResponse} SignResponse
                 */
                SignResponse.fromObject = function (object, _depth) {
                    if (object instanceof $root.gridpact.control.v1.SignResponse)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".gridpact.control.v1.SignResponse: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.gridpact.control.v1.SignResponse();
                    if (object.requestId != null)
                        if (typeof object.requestId !== "string" || object.requestId.length)
                            message.requestId = $String(object.requestId);
                    if (object.signature != null)
                        if (object.signature.length)
                            if (typeof object.signature === "string")
                                $util.base64.decode(object.signature, message.signature = $util.newBuffer($util.base64.length(object.signature)), 0);
                            else if (object.signature.length >= 0)
                                message.signature = object.signature;
                    if (object.refusal != null)
                        if (typeof object.refusal !== "string" || object.refusal.length)
                            message.refusal = $String(object.refusal);
                    return message;
                };

                /**
                 * Creates a plain object from a SignResponse message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof gridpact.control.v1.SignResponse
                 * @static
                 * @param {gridpact.control.v1.SignResponse} message SignResponse
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                SignResponse.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults) {
                        object.requestId = "";
                        if (options.bytes === $String)
                            object.signature = "";
                        else {
                            object.signature = [];
                            if (options.bytes !== $Array)
                                object.signature = $util.newBuffer(object.signature);
                        }
                        object.refusal = "";
                    }
                    if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId"))
                        object.requestId = message.requestId;
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                        object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
                    if (message.refusal != null && $Object.hasOwnProperty.call(message, "refusal"))
                        object.refusal = message.refusal;
                    return object;
                };

                /**
                 * Converts this SignResponse to JSON.
                 * @function toJSON
                 * @memberof gridpact.control.v1.SignResponse
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                SignResponse.prototype.toJSON = function() {
                    return SignResponse.toObject(this, $protobuf.util.toJSONOptions);
                };

                return SignResponse;
            })();

            return v1;
        })();

        return control;
    })();

    return gridpact;
})();

export {
  $root as default
};
