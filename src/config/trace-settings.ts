import { Transform } from 'class-transformer';
import { IsNumber, IsOptional, IsString, IsUrl, Matches, Max, Min, ValidateBy } from 'class-validator';
import { JoiningSettings } from './joining-settings.js';
import { URL_RULE } from './read-value.js';

const SHARE = { message: 'should be a number, 0 to 1' };

/** A name as HTTP has it, and a value. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+=[^\r\n]*$/;

const toShare = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : value;

/** Where OpenTelemetry's traces go. The names are OpenTelemetry's own. */
export class TraceSettings extends JoiningSettings {
  /** Base of a receiver of OTLP over HTTP, whose `/v1/traces` is posted to. Nothing is traced where nothing is said. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be the URL of a receiver of OTLP over HTTP: http://collector:4318' })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Headers for the receiver, with commas between: `authorization=Bearer …`. A comma in a value is written `%2C`. */
  @IsOptional()
  @ValidateBy({
    name: 'headers',
    validator: {
      validate: (value) => typeof value === 'string' && value.split(',').every((each) => HEADER.test(each.trim())),
      defaultMessage: () => 'should be headers with commas between: name=value,other=value',
    },
  })
  OTEL_EXPORTER_OTLP_HEADERS?: string;

  /** What the traces call this process: give the API and the engine names of their own. */
  @IsString()
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, { message: 'should be a name of letters, digits, dots and dashes: jockey' })
  OTEL_SERVICE_NAME = 'jockey';

  /** Share of the requests that a trace is begun for, 0 to 1; where the caller traces, the caller decides. */
  @Transform(toShare)
  @IsNumber({}, SHARE)
  @Min(0, SHARE)
  @Max(1, SHARE)
  OTEL_TRACES_SAMPLER_ARG = 1;
}

/** The headers of `OTEL_EXPORTER_OTLP_HEADERS`, by name. */
export function headersOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((each) => each.includes('='));
  return Object.fromEntries(pairs.map((each) => headerOf(each.trim())));
}

function headerOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1).replaceAll('%2C', ',')];
}
