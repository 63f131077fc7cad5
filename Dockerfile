# The program alone in an image without a shell.
#
#   docker build --build-arg GOVCTL_COMMIT="$(git rev-parse HEAD)" -t govctl .
#   docker run --rm -v "$PWD:/w:ro" -w /w govctl check
#
# Without a network: `cargo vendor` first, which this build uses where it finds a folder `vendor`.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
# The commit, for `govctl --version --verbose`: there is no git in this image.
ARG GOVCTL_COMMIT=""
COPY . .
RUN if [ -d vendor ]; then \
      mkdir -p .cargo && printf '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "vendor"\n' > .cargo/config.toml; \
    fi && cargo build --locked --profile dist --bin govctl

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/dist/govctl /usr/bin/govctl
COPY --from=build /src/LICENSE /usr/share/doc/govctl/LICENSE
USER nonroot
ENTRYPOINT ["/usr/bin/govctl"]
CMD ["--help"]
