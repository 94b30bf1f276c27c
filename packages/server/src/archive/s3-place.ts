import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { isKerutaError, type ArchiveLocation } from "@keruta/shared/domain";
import { damaged, unreachable } from "./failures.ts";
import type { ArchivePlace } from "./place.ts";

type S3Location = Extract<ArchiveLocation, { kind: "s3" }>;

/** Longer than any one request of 16 MiB takes on a working line. */
const requestMilliseconds = 60_000;
const connectMilliseconds = 5000;

/** Archived logs in a bucket. Credentials come as the AWS SDK finds them: environment, file, or the machine's own. */
export function createS3Place(
  location: string,
  { bucket, prefix, endpoint, region }: S3Location,
): ArchivePlace {
  const client = new S3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // A SHA-256 of each object, checked by the service as it is written and by the client as it is read.
    requestChecksumCalculation: "WHEN_SUPPORTED",
    requestHandler: { requestTimeout: requestMilliseconds, connectionTimeout: connectMilliseconds },
  });
  const objectOf = (key: string) => ({ Bucket: bucket, Key: prefix === "" ? key : `${prefix}/${key}` });

  const get = async (key: string, range?: string): Promise<Uint8Array> => {
    try {
      const { Body } = await client.send(
        new GetObjectCommand({ ...objectOf(key), ...(range !== undefined && { Range: range }) }),
      );
      if (!Body) throw damaged(location, key, "it is empty");
      return await Body.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) throw damaged(location, key, "it is not there");
      throw isKerutaError(error) ? error : unreachable(location, error);
    }
  };

  return {
    location,
    async write(key, bytes) {
      try {
        await client.send(
          new PutObjectCommand({
            ...objectOf(key),
            Body: bytes,
            ContentLength: bytes.length,
            ContentType: "application/zstd",
            ChecksumAlgorithm: "SHA256",
          }),
        );
      } catch (error) {
        throw unreachable(location, error);
      }
    },
    async writeAll(key, chunks, signal) {
      const { Upload } = await import("@aws-sdk/lib-storage");
      const body = Readable.from(chunks, { objectMode: false });
      const params = { ...objectOf(key), Body: body, ChecksumAlgorithm: "SHA256" as const };
      const upload = new Upload({ client, params, queueSize: 2 });
      const abort = () => void upload.abort();
      signal.addEventListener("abort", abort, { once: true });
      try {
        await upload.done();
      } catch (error) {
        if (!signal.aborted) throw unreachable(location, error);
      } finally {
        signal.removeEventListener("abort", abort);
        body.destroy();
      }
    },
    async read(key, offset, bytes) {
      const read = await get(key, `bytes=${String(offset)}-${String(offset + bytes - 1)}`);
      if (read.length !== bytes) throw damaged(location, key, `it ends at ${String(offset + read.length)}`);
      return read;
    },
    readAll: (key) => get(key),
    async remove(key) {
      try {
        await client.send(new DeleteObjectCommand(objectOf(key)));
      } catch (error) {
        throw unreachable(location, error);
      }
    },
  };
}
