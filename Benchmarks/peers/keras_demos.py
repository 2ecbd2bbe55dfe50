"""The tasks of the demos in Keras: quality reached, training time, lines of code.

    python3 keras_demos.py [task ...] [--seed N]

Prints a line of JSON for each task. Data come from scikit-learn, the text from the demos' own file.
Networks, optimizers, batches and epochs are those of the demos' defaults; splits and random
numbers are not, so qualities agree but for chance. Times are those of `fit` alone, with the tracing
of its graph.
"""

import argparse
import inspect
import json
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import StandardScaler

SONNETS = pathlib.Path(__file__).parents[2] / "Sources/Demos/Resources/Sonnets.swift"


def timed(model, *arguments, **options):
    """Seconds that training takes."""
    start = time.perf_counter()
    model.fit(*arguments, verbose=0, **options)
    return time.perf_counter() - start


def xor(seed):
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32"), np.array([0, 1, 1, 0], "float32")
    model = keras.Sequential([keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.1), keras.losses.BinaryCrossentropy(from_logits=True))
    seconds = timed(model, x, y, batch_size=4, epochs=1000)
    answers = keras.ops.sigmoid(model(x))[:, 0]
    return {"seconds": seconds, "largest error": float(np.abs(answers - y).max())}


def binary(seed):
    table = load_breast_cancer()
    names = list(table.feature_names[:10])
    columns = [i for i, name in enumerate(names) if name not in ("mean perimeter", "mean area")]
    x, x_test, y, y_test = train_test_split(
        table.data[:, columns], 1 - table.target, test_size=0.3, stratify=1 - table.target,
        random_state=seed)
    scaler = StandardScaler().fit(x)
    model = keras.Sequential(
        [keras.layers.Dense(10, "relu"), keras.layers.Dense(8, "relu"),
         keras.layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy")
    seconds = timed(model, scaler.transform(x), y, batch_size=32, epochs=60)
    p = model.predict(scaler.transform(x_test), verbose=0)[:, 0]
    return {"seconds": seconds, "accuracy": float(((p > 0.5) == y_test).mean()),
            "ROC AUC": float(roc_auc_score(y_test, p))}


def regression(seed):
    table = load_diabetes(scaled=False)
    predictions, seconds = np.zeros(len(table.target)), 0.0
    for train, test in KFold(5, shuffle=True, random_state=seed).split(table.data):
        scaler = StandardScaler().fit(table.data[train])
        answer = StandardScaler().fit(table.target[train, None])
        penalty = keras.regularizers.L2(0.03)
        model = keras.Sequential(
            [keras.layers.Dense(64, "relu", kernel_regularizer=penalty),
             keras.layers.Dense(1, kernel_regularizer=penalty)])
        model.compile(keras.optimizers.Adam(0.003), "mse")
        seconds += timed(
            model, scaler.transform(table.data[train]), answer.transform(table.target[train, None]),
            batch_size=32, epochs=40)
        output = model.predict(scaler.transform(table.data[test]), verbose=0)
        predictions[test] = answer.inverse_transform(output)[:, 0]
    return {"seconds": seconds, "R2": float(r2_score(table.target, predictions))}


def digits(seed, layers=None):
    table = load_digits()
    x, x_test, y, y_test = train_test_split(
        table.images[..., None].astype("float32") / 16, table.target, test_size=0.2,
        stratify=table.target, random_state=seed)
    model = keras.Sequential(layers or [
        keras.layers.Flatten(), keras.layers.Dense(128, "relu"), keras.layers.Dense(10)])
    rate = keras.optimizers.schedules.CosineDecay(0.01, 30 * -(-len(x) // 32))
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(True))
    seconds = timed(model, x, y, batch_size=32, epochs=30)
    right = model.predict(x_test, verbose=0).argmax(1) == y_test
    return {"seconds": seconds, "accuracy": float(right.mean())}


def digits_cnn(seed):  # its lines are those on top of `digits`
    return digits(seed, [
        keras.layers.Conv2D(16, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(32, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D(),
        keras.layers.Flatten(), keras.layers.Dense(10)])


def language_model(seed, epochs=20, width=64, context=64):
    text = SONNETS.read_text().partition('"""\n')[2].rpartition('\n\n    """')[0]
    text = "\n".join(line[4:] for line in text.split("\n"))
    characters = sorted(set(text))
    tokens = np.array([characters.index(c) for c in text])
    cut = len(tokens) * 9 // 10

    def pieces(tokens, stride):
        starts = np.arange(0, len(tokens) - context, stride)[:, None] + np.arange(context)
        return tokens[starts], tokens[starts + 1]

    inputs = keras.Input((context,), dtype="int64")
    position = keras.ops.cumsum(keras.ops.ones_like(inputs), axis=1) - 1
    x = keras.layers.Embedding(len(characters), width)(inputs)
    x = x + keras.layers.Embedding(context, width)(position)
    for _ in range(2):
        y = keras.layers.LayerNormalization(epsilon=1e-5)(x)
        y = keras.layers.MultiHeadAttention(4, width // 4, dropout=0.1)(y, y, use_causal_mask=True)
        x = x + keras.layers.Dropout(0.1)(y)
        y = keras.layers.LayerNormalization(epsilon=1e-5)(x)
        y = keras.layers.Dense(4 * width, "gelu")(y)
        y = keras.layers.Dense(width)(keras.layers.Dropout(0.1)(y))
        x = x + keras.layers.Dropout(0.1)(y)
    x = keras.layers.LayerNormalization(epsilon=1e-5)(x)
    model = keras.Model(inputs, keras.layers.Dense(len(characters))(x))
    data = pieces(tokens[:cut], context // 2)
    steps = epochs * -(-len(data[0]) // 32)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - 50, warmup_target=0.005, warmup_steps=50)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.1, beta_2=0.99, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(True))
    seconds = timed(model, *data, batch_size=32, epochs=epochs)
    nats = model.evaluate(*pieces(tokens[cut:], context), verbose=0)
    return {"seconds": seconds, "bits per character": float(nats / np.log(2))}


TASKS = {
    "xor": xor, "binary": binary, "regression": regression, "digits": digits,
    "digits-cnn": digits_cnn, "language-model": language_model,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tasks", nargs="*", help=", ".join(TASKS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name in options.tasks or TASKS:
        if name not in TASKS:
            parser.error(f"unknown task '{name}'; there are {', '.join(TASKS)}")
        keras.utils.set_random_seed(options.seed)
        result = TASKS[name](options.seed)
        lines = len(inspect.getsource(TASKS[name]).splitlines())
        print(json.dumps({"task": name, "framework": f"Keras {keras.__version__}",
                          "lines": lines, **result}), flush=True)


if __name__ == "__main__":
    main()
