// Helper functions that several array libraries of Python are given in the same words.
//
// Not here: helpers in the ways of one library, which stand with its names.

/** Row by row the Kronecker product. */
export const ROW_KRON = `def _row_kron(a, b):
    """Row by row the Kronecker product."""
    return (a[:, :, None] * b[:, None, :]).reshape((a.shape[0], a.shape[1] * b.shape[1]))`;

/** log(det(a)) of a library `ns` that has slogdet; `first` stands before the parameter. */
export const logdetHelper = (ns: string, first = ""): string => `def _logdet(${first}a):
    """log(det(a)): NaN where the determinant is negative."""
    sign, magnitude = ${ns}.linalg.slogdet(a)
    return ${ns}.log(sign) + magnitude`;

/** The products of singular vectors of a library `ns`, by its own decomposition. */
export const singularHelpers = (ns: string): Readonly<Record<"_polar" | "_top_singular" | "_top_eigen", string>> => ({
  _polar: `def _polar(a):
    """U V' of the singular value decomposition, over the singular values that are not 0."""
    u, s, v = ${ns}.linalg.svd(a, full_matrices=False)
    return (u * (s > 100 * ${ns}.finfo(s.dtype).eps * s[0])) @ v`,
  _top_singular: `def _top_singular(a):
    """u v' of the singular vectors of the largest singular value."""
    u, s, v = ${ns}.linalg.svd(a, full_matrices=False)
    return u[:, :1] @ v[:1] * (s[0] > 0)`,
  _top_eigen: `def _top_eigen(a):
    """v v' of the eigenvector of the largest eigenvalue of a symmetric matrix."""
    v = ${ns}.linalg.eigh(a)[1][:, -1:]
    return v @ v.T`,
});

/** exp(x²) erfc(x) for x ≥ 0 in a library `ns`, `erfc` being its name there. */
export const erfcxHelper = (ns: string, erfc: string): string => `def _erfcx(x):
    """exp(x**2) erfc(x) for x >= 0: a continued fraction from 2 on (DLMF 7.9.2)."""
    near, t, f = ${ns}.minimum(x, 2.0), ${ns}.maximum(x, 2.0), 0.0
    for k in range(60, 0, -1):
        f = k / 2 / (t + f)
    return ${ns}.where(near < 2, ${ns}.exp(near * near) * ${erfc}(near), 1 / (1.7724538509055159 * (t + f)))`;

/** Block matrices from blocks below or beside each other, without writing into an array; `eye` is the identity of size m like c. */
export const blockHelpers = (eye: string): Readonly<Record<"_blocks_right" | "_blocks_left", string>> => ({
  _blocks_right: `def _blocks_right(c, k):
    """sum of kron(block i, e_i e_i'), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    rows = c.T.reshape((k, q, m)).swapaxes(1, 2)
    return (rows[:, :, :, None] * ${eye}[None, :, None, :]).reshape((k * m, q * m))`,
  _blocks_left: `def _blocks_left(c, k):
    """sum of kron(e_i e_i', block i), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    return (c.reshape((m, k, 1, q)) * ${eye}[:, None, :, None]).reshape((m * k, m * q))`,
});
