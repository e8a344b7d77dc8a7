import { describe, expect, it } from 'vitest';
import { readBuilderMetadata } from './builder-metadata.js';

const read = (metadata: unknown) => readBuilderMetadata(JSON.stringify(metadata));
const knows = (...supported: string[]) => ({ lifecycle: { apis: { platform: { supported } } } });

describe('readBuilderMetadata', () => {
  it('takes the newest platform API that both sides know', () => {
    expect(read(knows('0.7', '0.12', '0.8')).platformApi).toBe('0.12');
    expect(read(knows('0.12', '0.13', '0.99')).platformApi).toBe('0.13');
    expect(read({ lifecycle: { apis: { platform: { deprecated: ['0.7'], supported: ['0.8'] } } } }).platformApi).toBe(
      '0.8',
    );
    expect(read({ lifecycle: { api: { platform: '0.6' } } }).platformApi).toBe('0.6');
  });

  it('takes none where the two sides have none in common', () => {
    expect(read(knows('0.3', '0.4')).platformApi).toBeNull();
    expect(read(knows('1.0')).platformApi).toBeNull();
  });

  it('asks for one that is widely known where the builder image does not say', () => {
    expect(readBuilderMetadata(undefined).platformApi).toBe('0.12');
    expect(readBuilderMetadata('not JSON').platformApi).toBe('0.12');
  });

  it('finds the run image where builders of today say it, and where older ones did', () => {
    const stack = { runImage: { image: 'old/run:1' } };
    expect(read({ stack }).runImage).toBe('old/run:1');
    expect(read({ stack, runImages: [{ image: 'new/run:1' }, { image: 'new/run:2' }] }).runImage).toBe('new/run:1');
    expect(read({ stack: { runImage: { image: '' } } }).runImage).toBeNull();
    expect(read(['nonsense']).runImage).toBeNull();
  });

  it('lists the buildpacks by name and version', () => {
    const buildpacks = [{ id: 'jockey/shell', version: '1.2' }, { id: 'bare' }, { version: '3' }, null];
    expect(read({ buildpacks }).buildpacks).toEqual(['jockey/shell@1.2', 'bare']);
  });
});
