import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace gridpact. */
export namespace gridpact {

    /** Namespace reading. */
    namespace reading {

        /** Namespace v1. */
        namespace v1 {

            /**
             * Properties of a SignedEnvelope.
             * @deprecated Use gridpact.reading.v1.SignedEnvelope.$Properties instead.
             */
            interface ISignedEnvelope extends gridpact.reading.v1.SignedEnvelope.$Properties {
            }

            /** Represents a SignedEnvelope. */
            class SignedEnvelope {

                /**
                 * Constructs a new SignedEnvelope.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.reading.v1.SignedEnvelope.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** SignedEnvelope payload. */
                payload: Uint8Array;

                /** SignedEnvelope signature. */
                signature: Uint8Array;

                /**
                 * Creates a new SignedEnvelope instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns SignedEnvelope instance
                 */
                static create(properties: gridpact.reading.v1.SignedEnvelope.$Shape): gridpact.reading.v1.SignedEnvelope & gridpact.reading.v1.SignedEnvelope.$Shape;
                static create(properties?: gridpact.reading.v1.SignedEnvelope.$Properties): gridpact.reading.v1.SignedEnvelope;

                /**
                 * Encodes the specified SignedEnvelope message. Does not implicitly {@link gridpact.reading.v1.SignedEnvelope.verify|verify} messages.
                 * @param message SignedEnvelope message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.reading.v1.SignedEnvelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a SignedEnvelope message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.reading.v1.SignedEnvelope & gridpact.reading.v1.SignedEnvelope.$Shape} SignedEnvelope
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.reading.v1.SignedEnvelope & gridpact.reading.v1.SignedEnvelope.$Shape;

                /**
                 * Creates a SignedEnvelope message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns SignedEnvelope
                 */
                static fromObject(object: { [k: string]: any }): gridpact.reading.v1.SignedEnvelope;

                /**
                 * Creates a plain object from a SignedEnvelope message. Also converts values to other types if specified.
                 * @param message SignedEnvelope
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.reading.v1.SignedEnvelope, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this SignedEnvelope to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace SignedEnvelope {

                /** Properties of a SignedEnvelope. */
                interface $Properties {

                    /** SignedEnvelope payload */
                    payload?: (Uint8Array|null);

                    /** SignedEnvelope signature */
                    signature?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a SignedEnvelope. */
                type $Shape = gridpact.reading.v1.SignedEnvelope.$Properties;
            }

            /**
             * Properties of an EnvelopePayload.
             * @deprecated Use gridpact.reading.v1.EnvelopePayload.$Properties instead.
             */
            interface IEnvelopePayload extends gridpact.reading.v1.EnvelopePayload.$Properties {
            }

            /** Represents an EnvelopePayload. */
            class EnvelopePayload {

                /**
                 * Constructs a new EnvelopePayload.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.reading.v1.EnvelopePayload.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EnvelopePayload deviceId. */
                deviceId: string;

                /** EnvelopePayload bootEpoch. */
                bootEpoch: number;

                /** EnvelopePayload firstSeq. */
                firstSeq: (number|Long);

                /** EnvelopePayload previousEnvelopeHash. */
                previousEnvelopeHash: Uint8Array;

                /** EnvelopePayload readings. */
                readings: gridpact.reading.v1.Reading.$Properties[];

                /**
                 * Creates a new EnvelopePayload instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns EnvelopePayload instance
                 */
                static create(properties: gridpact.reading.v1.EnvelopePayload.$Shape): gridpact.reading.v1.EnvelopePayload & gridpact.reading.v1.EnvelopePayload.$Shape;
                static create(properties?: gridpact.reading.v1.EnvelopePayload.$Properties): gridpact.reading.v1.EnvelopePayload;

                /**
                 * Encodes the specified EnvelopePayload message. Does not implicitly {@link gridpact.reading.v1.EnvelopePayload.verify|verify} messages.
                 * @param message EnvelopePayload message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.reading.v1.EnvelopePayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EnvelopePayload message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.reading.v1.EnvelopePayload & gridpact.reading.v1.EnvelopePayload.$Shape} EnvelopePayload
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.reading.v1.EnvelopePayload & gridpact.reading.v1.EnvelopePayload.$Shape;

                /**
                 * Creates an EnvelopePayload message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns EnvelopePayload
                 */
                static fromObject(object: { [k: string]: any }): gridpact.reading.v1.EnvelopePayload;

                /**
                 * Creates a plain object from an EnvelopePayload message. Also converts values to other types if specified.
                 * @param message EnvelopePayload
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.reading.v1.EnvelopePayload, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this EnvelopePayload to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace EnvelopePayload {

                /** Properties of an EnvelopePayload. */
                interface $Properties {

                    /** EnvelopePayload deviceId */
                    deviceId?: (string|null);

                    /** EnvelopePayload bootEpoch */
                    bootEpoch?: (number|null);

                    /** EnvelopePayload firstSeq */
                    firstSeq?: (number|Long|null);

                    /** EnvelopePayload previousEnvelopeHash */
                    previousEnvelopeHash?: (Uint8Array|null);

                    /** EnvelopePayload readings */
                    readings?: (gridpact.reading.v1.Reading.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EnvelopePayload. */
                type $Shape = gridpact.reading.v1.EnvelopePayload.$Properties;
            }

            /**
             * Properties of a Reading.
             * @deprecated Use gridpact.reading.v1.Reading.$Properties instead.
             */
            interface IReading extends gridpact.reading.v1.Reading.$Properties {
            }

            /** Represents a Reading. */
            class Reading {

                /**
                 * Constructs a new Reading.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.reading.v1.Reading.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Reading measuredAtUnixMs. */
                measuredAtUnixMs: (number|Long);

                /** Reading powerW. */
                powerW: (number|Long);

                /** Reading importWh. */
                importWh: (number|Long);

                /** Reading exportWh. */
                exportWh: (number|Long);

                /** Reading quality. */
                quality: gridpact.reading.v1.Quality;

                /**
                 * Creates a new Reading instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Reading instance
                 */
                static create(properties: gridpact.reading.v1.Reading.$Shape): gridpact.reading.v1.Reading & gridpact.reading.v1.Reading.$Shape;
                static create(properties?: gridpact.reading.v1.Reading.$Properties): gridpact.reading.v1.Reading;

                /**
                 * Encodes the specified Reading message. Does not implicitly {@link gridpact.reading.v1.Reading.verify|verify} messages.
                 * @param message Reading message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.reading.v1.Reading.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Reading message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.reading.v1.Reading & gridpact.reading.v1.Reading.$Shape} Reading
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.reading.v1.Reading & gridpact.reading.v1.Reading.$Shape;

                /**
                 * Creates a Reading message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns Reading
                 */
                static fromObject(object: { [k: string]: any }): gridpact.reading.v1.Reading;

                /**
                 * Creates a plain object from a Reading message. Also converts values to other types if specified.
                 * @param message Reading
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.reading.v1.Reading, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this Reading to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace Reading {

                /** Properties of a Reading. */
                interface $Properties {

                    /** Reading measuredAtUnixMs */
                    measuredAtUnixMs?: (number|Long|null);

                    /** Reading powerW */
                    powerW?: (number|Long|null);

                    /** Reading importWh */
                    importWh?: (number|Long|null);

                    /** Reading exportWh */
                    exportWh?: (number|Long|null);

                    /** Reading quality */
                    quality?: (gridpact.reading.v1.Quality|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Reading. */
                type $Shape = gridpact.reading.v1.Reading.$Properties;
            }

            /** Quality enum. */
            enum Quality {

                /** QUALITY_UNSPECIFIED value */
                QUALITY_UNSPECIFIED = 0,

                /** QUALITY_MEASURED value */
                QUALITY_MEASURED = 1,

                /** QUALITY_ESTIMATED value */
                QUALITY_ESTIMATED = 2
            }

            /** RejectReason enum. */
            enum RejectReason {

                /** REJECT_REASON_UNSPECIFIED value */
                REJECT_REASON_UNSPECIFIED = 0,

                /** REJECT_REASON_MALFORMED value */
                REJECT_REASON_MALFORMED = 1,

                /** REJECT_REASON_TOO_LARGE value */
                REJECT_REASON_TOO_LARGE = 2,

                /** REJECT_REASON_UNKNOWN_DEVICE value */
                REJECT_REASON_UNKNOWN_DEVICE = 3,

                /** REJECT_REASON_IDENTITY_MISMATCH value */
                REJECT_REASON_IDENTITY_MISMATCH = 4,

                /** REJECT_REASON_BAD_SIGNATURE value */
                REJECT_REASON_BAD_SIGNATURE = 5,

                /** REJECT_REASON_EQUIVOCATION value */
                REJECT_REASON_EQUIVOCATION = 6,

                /** REJECT_REASON_QUARANTINED value */
                REJECT_REASON_QUARANTINED = 7,

                /** REJECT_REASON_STALE value */
                REJECT_REASON_STALE = 8,

                /** REJECT_REASON_CHAIN_BROKEN value */
                REJECT_REASON_CHAIN_BROKEN = 9,

                /** REJECT_REASON_REGISTER_DECREASED value */
                REJECT_REASON_REGISTER_DECREASED = 10,

                /** REJECT_REASON_CLOCK_SKEW value */
                REJECT_REASON_CLOCK_SKEW = 11
            }
        }
    }

    /** Namespace control. */
    namespace control {

        /** Namespace v1. */
        namespace v1 {

            /**
             * Properties of an EnrolmentRequest.
             * @deprecated Use gridpact.control.v1.EnrolmentRequest.$Properties instead.
             */
            interface IEnrolmentRequest extends gridpact.control.v1.EnrolmentRequest.$Properties {
            }

            /** Represents an EnrolmentRequest. */
            class EnrolmentRequest {

                /**
                 * Constructs a new EnrolmentRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.EnrolmentRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EnrolmentRequest deviceId. */
                deviceId: string;

                /** EnrolmentRequest publicKey. */
                publicKey: Uint8Array;

                /** EnrolmentRequest token. */
                token: string;

                /** EnrolmentRequest proofOfPossession. */
                proofOfPossession: Uint8Array;

                /** EnrolmentRequest resources. */
                resources: gridpact.control.v1.Resource.$Properties[];

                /**
                 * Creates a new EnrolmentRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns EnrolmentRequest instance
                 */
                static create(properties: gridpact.control.v1.EnrolmentRequest.$Shape): gridpact.control.v1.EnrolmentRequest & gridpact.control.v1.EnrolmentRequest.$Shape;
                static create(properties?: gridpact.control.v1.EnrolmentRequest.$Properties): gridpact.control.v1.EnrolmentRequest;

                /**
                 * Encodes the specified EnrolmentRequest message. Does not implicitly {@link gridpact.control.v1.EnrolmentRequest.verify|verify} messages.
                 * @param message EnrolmentRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.EnrolmentRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EnrolmentRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.EnrolmentRequest & gridpact.control.v1.EnrolmentRequest.$Shape} EnrolmentRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.EnrolmentRequest & gridpact.control.v1.EnrolmentRequest.$Shape;

                /**
                 * Creates an EnrolmentRequest message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns EnrolmentRequest
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.EnrolmentRequest;

                /**
                 * Creates a plain object from an EnrolmentRequest message. Also converts values to other types if specified.
                 * @param message EnrolmentRequest
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.EnrolmentRequest, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this EnrolmentRequest to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace EnrolmentRequest {

                /** Properties of an EnrolmentRequest. */
                interface $Properties {

                    /** EnrolmentRequest deviceId */
                    deviceId?: (string|null);

                    /** EnrolmentRequest publicKey */
                    publicKey?: (Uint8Array|null);

                    /** EnrolmentRequest token */
                    token?: (string|null);

                    /** EnrolmentRequest proofOfPossession */
                    proofOfPossession?: (Uint8Array|null);

                    /** EnrolmentRequest resources */
                    resources?: (gridpact.control.v1.Resource.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EnrolmentRequest. */
                type $Shape = gridpact.control.v1.EnrolmentRequest.$Properties;
            }

            /**
             * Properties of a Resource.
             * @deprecated Use gridpact.control.v1.Resource.$Properties instead.
             */
            interface IResource extends gridpact.control.v1.Resource.$Properties {
            }

            /** Represents a Resource. */
            class Resource {

                /**
                 * Constructs a new Resource.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.Resource.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Resource resourceId. */
                resourceId: string;

                /** Resource kind. */
                kind: gridpact.control.v1.ResourceKind;

                /** Resource reduceWMax. */
                reduceWMax: (number|Long);

                /** Resource reduceWhMax. */
                reduceWhMax: (number|Long);

                /**
                 * Creates a new Resource instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Resource instance
                 */
                static create(properties: gridpact.control.v1.Resource.$Shape): gridpact.control.v1.Resource & gridpact.control.v1.Resource.$Shape;
                static create(properties?: gridpact.control.v1.Resource.$Properties): gridpact.control.v1.Resource;

                /**
                 * Encodes the specified Resource message. Does not implicitly {@link gridpact.control.v1.Resource.verify|verify} messages.
                 * @param message Resource message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.Resource.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Resource message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.Resource & gridpact.control.v1.Resource.$Shape} Resource
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.Resource & gridpact.control.v1.Resource.$Shape;

                /**
                 * Creates a Resource message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns Resource
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.Resource;

                /**
                 * Creates a plain object from a Resource message. Also converts values to other types if specified.
                 * @param message Resource
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.Resource, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this Resource to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace Resource {

                /** Properties of a Resource. */
                interface $Properties {

                    /** Resource resourceId */
                    resourceId?: (string|null);

                    /** Resource kind */
                    kind?: (gridpact.control.v1.ResourceKind|null);

                    /** Resource reduceWMax */
                    reduceWMax?: (number|Long|null);

                    /** Resource reduceWhMax */
                    reduceWhMax?: (number|Long|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Resource. */
                type $Shape = gridpact.control.v1.Resource.$Properties;
            }

            /** ResourceKind enum. */
            enum ResourceKind {

                /** RESOURCE_KIND_UNSPECIFIED value */
                RESOURCE_KIND_UNSPECIFIED = 0,

                /** RESOURCE_KIND_RELAY value */
                RESOURCE_KIND_RELAY = 1,

                /** RESOURCE_KIND_DIMMER value */
                RESOURCE_KIND_DIMMER = 2,

                /** RESOURCE_KIND_HEAT_PUMP value */
                RESOURCE_KIND_HEAT_PUMP = 3,

                /** RESOURCE_KIND_BATTERY value */
                RESOURCE_KIND_BATTERY = 4,

                /** RESOURCE_KIND_EV value */
                RESOURCE_KIND_EV = 5
            }

            /**
             * Properties of a Setpoint.
             * @deprecated Use gridpact.control.v1.Setpoint.$Properties instead.
             */
            interface ISetpoint extends gridpact.control.v1.Setpoint.$Properties {
            }

            /** Represents a Setpoint. */
            class Setpoint {

                /**
                 * Constructs a new Setpoint.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.Setpoint.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Setpoint eventId. */
                eventId: string;

                /** Setpoint revision. */
                revision: number;

                /** Setpoint limits. */
                limits: gridpact.control.v1.PowerLimit.$Properties[];

                /**
                 * Creates a new Setpoint instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Setpoint instance
                 */
                static create(properties: gridpact.control.v1.Setpoint.$Shape): gridpact.control.v1.Setpoint & gridpact.control.v1.Setpoint.$Shape;
                static create(properties?: gridpact.control.v1.Setpoint.$Properties): gridpact.control.v1.Setpoint;

                /**
                 * Encodes the specified Setpoint message. Does not implicitly {@link gridpact.control.v1.Setpoint.verify|verify} messages.
                 * @param message Setpoint message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.Setpoint.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Setpoint message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.Setpoint & gridpact.control.v1.Setpoint.$Shape} Setpoint
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.Setpoint & gridpact.control.v1.Setpoint.$Shape;

                /**
                 * Creates a Setpoint message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns Setpoint
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.Setpoint;

                /**
                 * Creates a plain object from a Setpoint message. Also converts values to other types if specified.
                 * @param message Setpoint
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.Setpoint, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this Setpoint to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace Setpoint {

                /** Properties of a Setpoint. */
                interface $Properties {

                    /** Setpoint eventId */
                    eventId?: (string|null);

                    /** Setpoint revision */
                    revision?: (number|null);

                    /** Setpoint limits */
                    limits?: (gridpact.control.v1.PowerLimit.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Setpoint. */
                type $Shape = gridpact.control.v1.Setpoint.$Properties;
            }

            /**
             * Properties of a PowerLimit.
             * @deprecated Use gridpact.control.v1.PowerLimit.$Properties instead.
             */
            interface IPowerLimit extends gridpact.control.v1.PowerLimit.$Properties {
            }

            /** Represents a PowerLimit. */
            class PowerLimit {

                /**
                 * Constructs a new PowerLimit.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.PowerLimit.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PowerLimit startUnixMs. */
                startUnixMs: (number|Long);

                /** PowerLimit endUnixMs. */
                endUnixMs: (number|Long);

                /** PowerLimit importWMax. */
                importWMax: (number|Long);

                /** PowerLimit balance. */
                balance?: (gridpact.control.v1.BalanceBand.$Properties|null);

                /**
                 * Creates a new PowerLimit instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PowerLimit instance
                 */
                static create(properties: gridpact.control.v1.PowerLimit.$Shape): gridpact.control.v1.PowerLimit & gridpact.control.v1.PowerLimit.$Shape;
                static create(properties?: gridpact.control.v1.PowerLimit.$Properties): gridpact.control.v1.PowerLimit;

                /**
                 * Encodes the specified PowerLimit message. Does not implicitly {@link gridpact.control.v1.PowerLimit.verify|verify} messages.
                 * @param message PowerLimit message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.PowerLimit.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PowerLimit message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.PowerLimit & gridpact.control.v1.PowerLimit.$Shape} PowerLimit
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.PowerLimit & gridpact.control.v1.PowerLimit.$Shape;

                /**
                 * Creates a PowerLimit message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns PowerLimit
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.PowerLimit;

                /**
                 * Creates a plain object from a PowerLimit message. Also converts values to other types if specified.
                 * @param message PowerLimit
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.PowerLimit, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this PowerLimit to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace PowerLimit {

                /** Properties of a PowerLimit. */
                interface $Properties {

                    /** PowerLimit startUnixMs */
                    startUnixMs?: (number|Long|null);

                    /** PowerLimit endUnixMs */
                    endUnixMs?: (number|Long|null);

                    /** PowerLimit importWMax */
                    importWMax?: (number|Long|null);

                    /** PowerLimit balance */
                    balance?: (gridpact.control.v1.BalanceBand.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PowerLimit. */
                type $Shape = gridpact.control.v1.PowerLimit.$Properties;
            }

            /**
             * Properties of a BalanceBand.
             * @deprecated Use gridpact.control.v1.BalanceBand.$Properties instead.
             */
            interface IBalanceBand extends gridpact.control.v1.BalanceBand.$Properties {
            }

            /** Represents a BalanceBand. */
            class BalanceBand {

                /**
                 * Constructs a new BalanceBand.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.BalanceBand.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BalanceBand importWMin. */
                importWMin: (number|Long);

                /** BalanceBand shiftsLoads. */
                shiftsLoads: boolean;

                /**
                 * Creates a new BalanceBand instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns BalanceBand instance
                 */
                static create(properties: gridpact.control.v1.BalanceBand.$Shape): gridpact.control.v1.BalanceBand & gridpact.control.v1.BalanceBand.$Shape;
                static create(properties?: gridpact.control.v1.BalanceBand.$Properties): gridpact.control.v1.BalanceBand;

                /**
                 * Encodes the specified BalanceBand message. Does not implicitly {@link gridpact.control.v1.BalanceBand.verify|verify} messages.
                 * @param message BalanceBand message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.BalanceBand.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BalanceBand message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.BalanceBand & gridpact.control.v1.BalanceBand.$Shape} BalanceBand
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.BalanceBand & gridpact.control.v1.BalanceBand.$Shape;

                /**
                 * Creates a BalanceBand message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns BalanceBand
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.BalanceBand;

                /**
                 * Creates a plain object from a BalanceBand message. Also converts values to other types if specified.
                 * @param message BalanceBand
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.BalanceBand, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this BalanceBand to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace BalanceBand {

                /** Properties of a BalanceBand. */
                interface $Properties {

                    /** BalanceBand importWMin */
                    importWMin?: (number|Long|null);

                    /** BalanceBand shiftsLoads */
                    shiftsLoads?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BalanceBand. */
                type $Shape = gridpact.control.v1.BalanceBand.$Properties;
            }

            /**
             * Properties of a BalanceStatement.
             * @deprecated Use gridpact.control.v1.BalanceStatement.$Properties instead.
             */
            interface IBalanceStatement extends gridpact.control.v1.BalanceStatement.$Properties {
            }

            /** Represents a BalanceStatement. */
            class BalanceStatement {

                /**
                 * Constructs a new BalanceStatement.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.BalanceStatement.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BalanceStatement statedAtUnixMs. */
                statedAtUnixMs: (number|Long);

                /** BalanceStatement storedWh. */
                storedWh: (number|Long);

                /** BalanceStatement storedWhMax. */
                storedWhMax: (number|Long);

                /** BalanceStatement storageWMax. */
                storageWMax: (number|Long);

                /** BalanceStatement efficiencyPerMille. */
                efficiencyPerMille: number;

                /** BalanceStatement waitingWh. */
                waitingWh: (number|Long);

                /** BalanceStatement loadW. */
                loadW: (number|Long);

                /** BalanceStatement loadWMax. */
                loadWMax: (number|Long);

                /** BalanceStatement readyByUnixMs. */
                readyByUnixMs: (number|Long);

                /** BalanceStatement movedWh. */
                movedWh: (number|Long);

                /** BalanceStatement opening. */
                opening: number;

                /**
                 * Creates a new BalanceStatement instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns BalanceStatement instance
                 */
                static create(properties: gridpact.control.v1.BalanceStatement.$Shape): gridpact.control.v1.BalanceStatement & gridpact.control.v1.BalanceStatement.$Shape;
                static create(properties?: gridpact.control.v1.BalanceStatement.$Properties): gridpact.control.v1.BalanceStatement;

                /**
                 * Encodes the specified BalanceStatement message. Does not implicitly {@link gridpact.control.v1.BalanceStatement.verify|verify} messages.
                 * @param message BalanceStatement message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.BalanceStatement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BalanceStatement message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.BalanceStatement & gridpact.control.v1.BalanceStatement.$Shape} BalanceStatement
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.BalanceStatement & gridpact.control.v1.BalanceStatement.$Shape;

                /**
                 * Creates a BalanceStatement message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns BalanceStatement
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.BalanceStatement;

                /**
                 * Creates a plain object from a BalanceStatement message. Also converts values to other types if specified.
                 * @param message BalanceStatement
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.BalanceStatement, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this BalanceStatement to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace BalanceStatement {

                /** Properties of a BalanceStatement. */
                interface $Properties {

                    /** BalanceStatement statedAtUnixMs */
                    statedAtUnixMs?: (number|Long|null);

                    /** BalanceStatement storedWh */
                    storedWh?: (number|Long|null);

                    /** BalanceStatement storedWhMax */
                    storedWhMax?: (number|Long|null);

                    /** BalanceStatement storageWMax */
                    storageWMax?: (number|Long|null);

                    /** BalanceStatement efficiencyPerMille */
                    efficiencyPerMille?: (number|null);

                    /** BalanceStatement waitingWh */
                    waitingWh?: (number|Long|null);

                    /** BalanceStatement loadW */
                    loadW?: (number|Long|null);

                    /** BalanceStatement loadWMax */
                    loadWMax?: (number|Long|null);

                    /** BalanceStatement readyByUnixMs */
                    readyByUnixMs?: (number|Long|null);

                    /** BalanceStatement movedWh */
                    movedWh?: (number|Long|null);

                    /** BalanceStatement opening */
                    opening?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BalanceStatement. */
                type $Shape = gridpact.control.v1.BalanceStatement.$Properties;
            }

            /**
             * Properties of a FlexibilityStatement.
             * @deprecated Use gridpact.control.v1.FlexibilityStatement.$Properties instead.
             */
            interface IFlexibilityStatement extends gridpact.control.v1.FlexibilityStatement.$Properties {
            }

            /** Represents a FlexibilityStatement. */
            class FlexibilityStatement {

                /**
                 * Constructs a new FlexibilityStatement.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.FlexibilityStatement.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** FlexibilityStatement revision. */
                revision: number;

                /** FlexibilityStatement eventsLearned. */
                eventsLearned: number;

                /** FlexibilityStatement mtuMs. */
                mtuMs: number;

                /** FlexibilityStatement deliverableWh. */
                deliverableWh: (number|Long)[];

                /**
                 * Creates a new FlexibilityStatement instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns FlexibilityStatement instance
                 */
                static create(properties: gridpact.control.v1.FlexibilityStatement.$Shape): gridpact.control.v1.FlexibilityStatement & gridpact.control.v1.FlexibilityStatement.$Shape;
                static create(properties?: gridpact.control.v1.FlexibilityStatement.$Properties): gridpact.control.v1.FlexibilityStatement;

                /**
                 * Encodes the specified FlexibilityStatement message. Does not implicitly {@link gridpact.control.v1.FlexibilityStatement.verify|verify} messages.
                 * @param message FlexibilityStatement message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.FlexibilityStatement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a FlexibilityStatement message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.FlexibilityStatement & gridpact.control.v1.FlexibilityStatement.$Shape} FlexibilityStatement
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.FlexibilityStatement & gridpact.control.v1.FlexibilityStatement.$Shape;

                /**
                 * Creates a FlexibilityStatement message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns FlexibilityStatement
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.FlexibilityStatement;

                /**
                 * Creates a plain object from a FlexibilityStatement message. Also converts values to other types if specified.
                 * @param message FlexibilityStatement
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.FlexibilityStatement, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this FlexibilityStatement to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace FlexibilityStatement {

                /** Properties of a FlexibilityStatement. */
                interface $Properties {

                    /** FlexibilityStatement revision */
                    revision?: (number|null);

                    /** FlexibilityStatement eventsLearned */
                    eventsLearned?: (number|null);

                    /** FlexibilityStatement mtuMs */
                    mtuMs?: (number|null);

                    /** FlexibilityStatement deliverableWh */
                    deliverableWh?: ((number|Long)[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a FlexibilityStatement. */
                type $Shape = gridpact.control.v1.FlexibilityStatement.$Properties;
            }

            /**
             * Properties of a SignRequest.
             * @deprecated Use gridpact.control.v1.SignRequest.$Properties instead.
             */
            interface ISignRequest extends gridpact.control.v1.SignRequest.$Properties {
            }

            /** Represents a SignRequest. */
            class SignRequest {

                /**
                 * Constructs a new SignRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.SignRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** SignRequest requestId. */
                requestId: string;

                /** SignRequest stage. */
                stage: gridpact.control.v1.SignStage;

                /** SignRequest message. */
                message: Uint8Array;

                /**
                 * Creates a new SignRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns SignRequest instance
                 */
                static create(properties: gridpact.control.v1.SignRequest.$Shape): gridpact.control.v1.SignRequest & gridpact.control.v1.SignRequest.$Shape;
                static create(properties?: gridpact.control.v1.SignRequest.$Properties): gridpact.control.v1.SignRequest;

                /**
                 * Encodes the specified SignRequest message. Does not implicitly {@link gridpact.control.v1.SignRequest.verify|verify} messages.
                 * @param message SignRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.SignRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a SignRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.SignRequest & gridpact.control.v1.SignRequest.$Shape} SignRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.SignRequest & gridpact.control.v1.SignRequest.$Shape;

                /**
                 * Creates a SignRequest message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns SignRequest
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.SignRequest;

                /**
                 * Creates a plain object from a SignRequest message. Also converts values to other types if specified.
                 * @param message SignRequest
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.SignRequest, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this SignRequest to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace SignRequest {

                /** Properties of a SignRequest. */
                interface $Properties {

                    /** SignRequest requestId */
                    requestId?: (string|null);

                    /** SignRequest stage */
                    stage?: (gridpact.control.v1.SignStage|null);

                    /** SignRequest message */
                    message?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a SignRequest. */
                type $Shape = gridpact.control.v1.SignRequest.$Properties;
            }

            /** SignStage enum. */
            enum SignStage {

                /** SIGN_STAGE_UNSPECIFIED value */
                SIGN_STAGE_UNSPECIFIED = 0,

                /** SIGN_STAGE_PROPOSAL value */
                SIGN_STAGE_PROPOSAL = 1,

                /** SIGN_STAGE_TRANSACTION value */
                SIGN_STAGE_TRANSACTION = 2,

                /** SIGN_STAGE_COMMIT_STATUS value */
                SIGN_STAGE_COMMIT_STATUS = 3,

                /** SIGN_STAGE_CONSENT value */
                SIGN_STAGE_CONSENT = 4,

                /** SIGN_STAGE_AMENDMENT value */
                SIGN_STAGE_AMENDMENT = 5,

                /** SIGN_STAGE_RELEASE value */
                SIGN_STAGE_RELEASE = 6
            }

            /**
             * Properties of a NodeStatement.
             * @deprecated Use gridpact.control.v1.NodeStatement.$Properties instead.
             */
            interface INodeStatement extends gridpact.control.v1.NodeStatement.$Properties {
            }

            /** Represents a NodeStatement. */
            class NodeStatement {

                /**
                 * Constructs a new NodeStatement.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.NodeStatement.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** NodeStatement payload. */
                payload: Uint8Array;

                /** NodeStatement signature. */
                signature: Uint8Array;

                /** NodeStatement certificatePem. */
                certificatePem: string;

                /**
                 * Creates a new NodeStatement instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns NodeStatement instance
                 */
                static create(properties: gridpact.control.v1.NodeStatement.$Shape): gridpact.control.v1.NodeStatement & gridpact.control.v1.NodeStatement.$Shape;
                static create(properties?: gridpact.control.v1.NodeStatement.$Properties): gridpact.control.v1.NodeStatement;

                /**
                 * Encodes the specified NodeStatement message. Does not implicitly {@link gridpact.control.v1.NodeStatement.verify|verify} messages.
                 * @param message NodeStatement message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.NodeStatement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a NodeStatement message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.NodeStatement & gridpact.control.v1.NodeStatement.$Shape} NodeStatement
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.NodeStatement & gridpact.control.v1.NodeStatement.$Shape;

                /**
                 * Creates a NodeStatement message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns NodeStatement
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.NodeStatement;

                /**
                 * Creates a plain object from a NodeStatement message. Also converts values to other types if specified.
                 * @param message NodeStatement
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.NodeStatement, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this NodeStatement to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace NodeStatement {

                /** Properties of a NodeStatement. */
                interface $Properties {

                    /** NodeStatement payload */
                    payload?: (Uint8Array|null);

                    /** NodeStatement signature */
                    signature?: (Uint8Array|null);

                    /** NodeStatement certificatePem */
                    certificatePem?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a NodeStatement. */
                type $Shape = gridpact.control.v1.NodeStatement.$Properties;
            }

            /**
             * Properties of a MoveOffer.
             * @deprecated Use gridpact.control.v1.MoveOffer.$Properties instead.
             */
            interface IMoveOffer extends gridpact.control.v1.MoveOffer.$Properties {
            }

            /** Represents a MoveOffer. */
            class MoveOffer {

                /**
                 * Constructs a new MoveOffer.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.MoveOffer.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** MoveOffer deviceId. */
                deviceId: string;

                /** MoveOffer fromVnId. */
                fromVnId: string;

                /** MoveOffer toVnId. */
                toVnId: string;

                /** MoveOffer revision. */
                revision: number;

                /** MoveOffer guidelines. */
                guidelines?: (gridpact.control.v1.MoveGuidelines.$Properties|null);

                /** MoveOffer deadlineUnixMs. */
                deadlineUnixMs: (number|Long);

                /** MoveOffer ticket. */
                ticket: Uint8Array;

                /**
                 * Creates a new MoveOffer instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns MoveOffer instance
                 */
                static create(properties: gridpact.control.v1.MoveOffer.$Shape): gridpact.control.v1.MoveOffer & gridpact.control.v1.MoveOffer.$Shape;
                static create(properties?: gridpact.control.v1.MoveOffer.$Properties): gridpact.control.v1.MoveOffer;

                /**
                 * Encodes the specified MoveOffer message. Does not implicitly {@link gridpact.control.v1.MoveOffer.verify|verify} messages.
                 * @param message MoveOffer message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.MoveOffer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a MoveOffer message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.MoveOffer & gridpact.control.v1.MoveOffer.$Shape} MoveOffer
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.MoveOffer & gridpact.control.v1.MoveOffer.$Shape;

                /**
                 * Creates a MoveOffer message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns MoveOffer
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.MoveOffer;

                /**
                 * Creates a plain object from a MoveOffer message. Also converts values to other types if specified.
                 * @param message MoveOffer
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.MoveOffer, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this MoveOffer to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace MoveOffer {

                /** Properties of a MoveOffer. */
                interface $Properties {

                    /** MoveOffer deviceId */
                    deviceId?: (string|null);

                    /** MoveOffer fromVnId */
                    fromVnId?: (string|null);

                    /** MoveOffer toVnId */
                    toVnId?: (string|null);

                    /** MoveOffer revision */
                    revision?: (number|null);

                    /** MoveOffer guidelines */
                    guidelines?: (gridpact.control.v1.MoveGuidelines.$Properties|null);

                    /** MoveOffer deadlineUnixMs */
                    deadlineUnixMs?: (number|Long|null);

                    /** MoveOffer ticket */
                    ticket?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a MoveOffer. */
                type $Shape = gridpact.control.v1.MoveOffer.$Properties;
            }

            /**
             * Properties of a MoveGuidelines.
             * @deprecated Use gridpact.control.v1.MoveGuidelines.$Properties instead.
             */
            interface IMoveGuidelines extends gridpact.control.v1.MoveGuidelines.$Properties {
            }

            /** Represents a MoveGuidelines. */
            class MoveGuidelines {

                /**
                 * Constructs a new MoveGuidelines.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.MoveGuidelines.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** MoveGuidelines membersMin. */
                membersMin: number;

                /** MoveGuidelines membersMax. */
                membersMax: number;

                /** MoveGuidelines capacityWMax. */
                capacityWMax: (number|Long);

                /** MoveGuidelines movesMax. */
                movesMax: number;

                /** MoveGuidelines dwellMs. */
                dwellMs: (number|Long);

                /** MoveGuidelines gainPerMilleMin. */
                gainPerMilleMin: number;

                /**
                 * Creates a new MoveGuidelines instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns MoveGuidelines instance
                 */
                static create(properties: gridpact.control.v1.MoveGuidelines.$Shape): gridpact.control.v1.MoveGuidelines & gridpact.control.v1.MoveGuidelines.$Shape;
                static create(properties?: gridpact.control.v1.MoveGuidelines.$Properties): gridpact.control.v1.MoveGuidelines;

                /**
                 * Encodes the specified MoveGuidelines message. Does not implicitly {@link gridpact.control.v1.MoveGuidelines.verify|verify} messages.
                 * @param message MoveGuidelines message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.MoveGuidelines.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a MoveGuidelines message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.MoveGuidelines & gridpact.control.v1.MoveGuidelines.$Shape} MoveGuidelines
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.MoveGuidelines & gridpact.control.v1.MoveGuidelines.$Shape;

                /**
                 * Creates a MoveGuidelines message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns MoveGuidelines
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.MoveGuidelines;

                /**
                 * Creates a plain object from a MoveGuidelines message. Also converts values to other types if specified.
                 * @param message MoveGuidelines
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.MoveGuidelines, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this MoveGuidelines to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace MoveGuidelines {

                /** Properties of a MoveGuidelines. */
                interface $Properties {

                    /** MoveGuidelines membersMin */
                    membersMin?: (number|null);

                    /** MoveGuidelines membersMax */
                    membersMax?: (number|null);

                    /** MoveGuidelines capacityWMax */
                    capacityWMax?: (number|Long|null);

                    /** MoveGuidelines movesMax */
                    movesMax?: (number|null);

                    /** MoveGuidelines dwellMs */
                    dwellMs?: (number|Long|null);

                    /** MoveGuidelines gainPerMilleMin */
                    gainPerMilleMin?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a MoveGuidelines. */
                type $Shape = gridpact.control.v1.MoveGuidelines.$Properties;
            }

            /**
             * Properties of a MoveTicket.
             * @deprecated Use gridpact.control.v1.MoveTicket.$Properties instead.
             */
            interface IMoveTicket extends gridpact.control.v1.MoveTicket.$Properties {
            }

            /** Represents a MoveTicket. */
            class MoveTicket {

                /**
                 * Constructs a new MoveTicket.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.MoveTicket.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** MoveTicket deviceId. */
                deviceId: string;

                /** MoveTicket publicKey. */
                publicKey: Uint8Array;

                /** MoveTicket vnId. */
                vnId: string;

                /** MoveTicket token. */
                token: string;

                /** MoveTicket enrolmentUrl. */
                enrolmentUrl: string;

                /** MoveTicket mqttHost. */
                mqttHost: string;

                /** MoveTicket authorityPem. */
                authorityPem: string;

                /**
                 * Creates a new MoveTicket instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns MoveTicket instance
                 */
                static create(properties: gridpact.control.v1.MoveTicket.$Shape): gridpact.control.v1.MoveTicket & gridpact.control.v1.MoveTicket.$Shape;
                static create(properties?: gridpact.control.v1.MoveTicket.$Properties): gridpact.control.v1.MoveTicket;

                /**
                 * Encodes the specified MoveTicket message. Does not implicitly {@link gridpact.control.v1.MoveTicket.verify|verify} messages.
                 * @param message MoveTicket message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.MoveTicket.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a MoveTicket message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.MoveTicket & gridpact.control.v1.MoveTicket.$Shape} MoveTicket
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.MoveTicket & gridpact.control.v1.MoveTicket.$Shape;

                /**
                 * Creates a MoveTicket message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns MoveTicket
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.MoveTicket;

                /**
                 * Creates a plain object from a MoveTicket message. Also converts values to other types if specified.
                 * @param message MoveTicket
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.MoveTicket, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this MoveTicket to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace MoveTicket {

                /** Properties of a MoveTicket. */
                interface $Properties {

                    /** MoveTicket deviceId */
                    deviceId?: (string|null);

                    /** MoveTicket publicKey */
                    publicKey?: (Uint8Array|null);

                    /** MoveTicket vnId */
                    vnId?: (string|null);

                    /** MoveTicket token */
                    token?: (string|null);

                    /** MoveTicket enrolmentUrl */
                    enrolmentUrl?: (string|null);

                    /** MoveTicket mqttHost */
                    mqttHost?: (string|null);

                    /** MoveTicket authorityPem */
                    authorityPem?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a MoveTicket. */
                type $Shape = gridpact.control.v1.MoveTicket.$Properties;
            }

            /**
             * Properties of a SignResponse.
             * @deprecated Use gridpact.control.v1.SignResponse.$Properties instead.
             */
            interface ISignResponse extends gridpact.control.v1.SignResponse.$Properties {
            }

            /** Represents a SignResponse. */
            class SignResponse {

                /**
                 * Constructs a new SignResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: gridpact.control.v1.SignResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** SignResponse requestId. */
                requestId: string;

                /** SignResponse signature. */
                signature: Uint8Array;

                /** SignResponse refusal. */
                refusal: string;

                /**
                 * Creates a new SignResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns SignResponse instance
                 */
                static create(properties: gridpact.control.v1.SignResponse.$Shape): gridpact.control.v1.SignResponse & gridpact.control.v1.SignResponse.$Shape;
                static create(properties?: gridpact.control.v1.SignResponse.$Properties): gridpact.control.v1.SignResponse;

                /**
                 * Encodes the specified SignResponse message. Does not implicitly {@link gridpact.control.v1.SignResponse.verify|verify} messages.
                 * @param message SignResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: gridpact.control.v1.SignResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a SignResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {gridpact.control.v1.SignResponse & gridpact.control.v1.SignResponse.$Shape} SignResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): gridpact.control.v1.SignResponse & gridpact.control.v1.SignResponse.$Shape;

                /**
                 * Creates a SignResponse message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns SignResponse
                 */
                static fromObject(object: { [k: string]: any }): gridpact.control.v1.SignResponse;

                /**
                 * Creates a plain object from a SignResponse message. Also converts values to other types if specified.
                 * @param message SignResponse
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: gridpact.control.v1.SignResponse, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this SignResponse to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };
            }

            namespace SignResponse {

                /** Properties of a SignResponse. */
                interface $Properties {

                    /** SignResponse requestId */
                    requestId?: (string|null);

                    /** SignResponse signature */
                    signature?: (Uint8Array|null);

                    /** SignResponse refusal */
                    refusal?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a SignResponse. */
                type $Shape = gridpact.control.v1.SignResponse.$Properties;
            }
        }
    }
}
