/**
 * Questions with checkable answers: seeded generators and strict verifiers, in English and Arabic.
 */
@NullMarked
package burhan.task;

import org.jspecify.annotations.NullMarked;
