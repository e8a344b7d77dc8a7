import { SetMetadata } from '@nestjs/common';

/** Key under which {@link Public} is kept. */
export const PUBLIC = 'jockey:public';

/** Lets everybody in: the only way out of "deny by default". */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
