"""What the service has, in forms that others take: RDF, the bench format, the tables of the Capacity Exchange, results.

Jobs and the command line import these rooms. What leaves whole is written from the repository, which holds only what
is public, so that it can run beside a service.
"""
